#include "exporter/config/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(ListenAddressTest, ReadsAndWrites) {
  const struct {
    const char* text;
    ListenAddress address;
  } cases[] = {
      {":9538", {"", 9538}},
      {"127.0.0.1:0", {"127.0.0.1", 0}},
      {"localhost:65535", {"localhost", 65535}},
      {"[::1]:9538", {"::1", 9538}},
      {"[::]:1", {"::", 1}},
      {"[fe80::1%eth0]:1", {"fe80::1%eth0", 1}},
  };
  for (const auto& c : cases) {
    const auto parsed = ParseListenAddress(c.text);
    ASSERT_TRUE(parsed.has_value()) << c.text;
    EXPECT_EQ(*parsed, c.address) << c.text;
    EXPECT_EQ(FormatListenAddress(*parsed), c.text);
  }
}

TEST(ListenAddressTest, RefusesEverythingElse) {
  for (const char* text :
       {"", ":", "9538", ":65536", ":-1", ": 1", "a b:1", "::1:9538", "[::1]", "[::1:9538", "[]:1",
        "[a]:1", "[127.0.0.1]:1", "http://:9538", ":9538/"}) {
    const auto parsed = ParseListenAddress(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_THAT(parsed.error().message, ::testing::HasSubstr("is not a listen address")) << text;
  }
}

}  // namespace
}  // namespace bullmq_exporter
