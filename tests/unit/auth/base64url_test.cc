#include "exporter/auth/base64url.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using namespace std::string_view_literals;

TEST(Base64UrlTest, EncodesAndDecodes) {
  struct Case {
    std::string_view bytes;
    std::string_view text;
  };
  for (const Case& c :
       {Case{"", ""}, Case{"f", "Zg"}, Case{"fo", "Zm8"}, Case{"foo", "Zm9v"},
        Case{"foob", "Zm9vYg"}, Case{"fooba", "Zm9vYmE"}, Case{"foobar", "Zm9vYmFy"},
        Case{"\xfb\xff\xfe"sv, "-__-"}, Case{"\0\0"sv, "AAA"}}) {
    EXPECT_EQ(EncodeBase64Url(c.bytes), c.text);
    EXPECT_EQ(DecodeBase64Url(c.text), c.bytes);
  }
}

TEST(Base64UrlTest, EveryByteSurvives) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) {
    EXPECT_EQ(DecodeBase64Url(EncodeBase64Url(bytes)), bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Base64UrlTest, RefusesEverySecondSpelling) {
  for (const std::string_view text :
       {"A"sv, "AAAAA"sv, "Zg=="sv, "Zg="sv, "Zh"sv, "Zm9"sv, "+//+"sv, "Zm 9v"sv, "Zm9v\n"sv,
        "Zm\0v"sv, "\xc3\xa9\xc3\xa9"sv, "Zm9v."sv}) {
    EXPECT_EQ(DecodeBase64Url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace bullmq_exporter
