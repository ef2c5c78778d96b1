#include "exporter/base/label_value.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

std::string Repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text.append(piece);
  return text;
}

TEST(LabelValueTest, ValuesUpToTheLimitStay) {
  EXPECT_EQ(ShortenLabelValue(""), "");
  EXPECT_EQ(ShortenLabelValue("orders"), "orders");
  EXPECT_EQ(ShortenLabelValue(std::string(256, 'a')), std::string(256, 'a'));
}

TEST(LabelValueTest, LongerValuesShowTheirBeginningAndDigest) {
  // printf 'a%.0s' $(seq 257) | sha256sum
  EXPECT_EQ(ShortenLabelValue(std::string(257, 'a')), std::string(240, 'a') + "\u2026e8d95cc2");
}

TEST(LabelValueTest, CutsAtACharacter) {
  // 239 bytes, then characters of three bytes: the cut falls into the first of them.
  const std::string value = std::string(239, 'a') + Repeated("\u20ac", 10);
  EXPECT_EQ(ShortenLabelValue(value), std::string(239, 'a') + "\u2026565ba3b9");
  EXPECT_TRUE(IsValidUtf8(ShortenLabelValue(value)));
}

TEST(LabelValueTest, ValuesThatDifferAtTheEndStayApart) {
  EXPECT_NE(ShortenLabelValue(std::string(300, 'a') + "x"),
            ShortenLabelValue(std::string(300, 'a') + "y"));
}

TEST(LabelValueTest, IsBoundedForAnyInput) {
  for (std::size_t n = 200; n < 300; ++n) {
    EXPECT_LE(ShortenLabelValue(Repeated("\U0001F600", n)).size(), kMaxLabelValueBytes);
  }
  EXPECT_LE(ShortenLabelValue(std::string(65536, '\0')).size(), kMaxLabelValueBytes);
}

TEST(LabelValueTest, LabelTextShowsAnyBytes) {
  struct Case {
    std::string bytes;
    std::string text;
  };
  const Case cases[] = {
      {"orders", "orders"},
      {"café", "café"},
      {"a\nb\"c", "a\nb\"c"},
      {"caf\xE9", R"(caf\xE9)"},
      {std::string("a\0z", 3), R"(a\x00z)"},
      {R"(C:\path)", R"(C:\path)"},
      {R"(\x)", R"(\x)"},
      {R"(\xe9)", R"(\xe9)"},
      {R"(caf\xE9)", R"(caf\x5CxE9)"},
      {"\\\xE9", R"(\\xE9)"},
  };
  std::set<std::string> texts;
  for (const Case& c : cases) {
    EXPECT_EQ(LabelText(c.bytes), c.text);
    texts.insert(LabelText(c.bytes));
  }
  EXPECT_EQ(texts.size(), std::size(cases));
  EXPECT_EQ(LabelText(std::string(300, '\xFF')),
            ShortenLabelValue(EscapeInvalidUtf8(std::string(300, '\xFF'))));
  EXPECT_TRUE(IsValidUtf8(LabelText(std::string(65536, '\0'))));
}

}  // namespace
}  // namespace bullmq_exporter
