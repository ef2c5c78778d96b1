#include "exporter/config/byte_size.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(ByteSizeTest, ReadsAndWrites) {
  const struct {
    const char* text;
    std::uint64_t bytes;
    const char* written;
  } cases[] = {
      {"1MiB", 1048576, "1MiB"},       {"1048576", 1048576, "1MiB"},
      {"32MiB", 33554432, "32MiB"},    {"1500", 1500, "1500"},
      {"1500B", 1500, "1500"},         {"2GiB", 2147483648, "2GiB"},
      {"1536KiB", 1572864, "1536KiB"}, {"0", 0, "0"},
  };
  for (const auto& c : cases) {
    const auto parsed = ParseByteSize(c.text);
    ASSERT_TRUE(parsed.has_value()) << c.text;
    EXPECT_EQ(*parsed, c.bytes) << c.text;
    EXPECT_EQ(FormatByteSize(*parsed), c.written) << c.text;
  }
}

TEST(ByteSizeTest, RefusesEverythingElse) {
  for (const char* text : {"", "MiB", "1MB", "1M", "1 MiB", "-1", "1.5MiB", "1mib", "8388608GiB",
                           "18446744073709551616"}) {
    ASSERT_FALSE(ParseByteSize(text).has_value()) << text;
    EXPECT_EQ(ParseByteSize(text).error().message,
              "\"" + std::string(text) +
                  "\" is not a size; write for example 1MiB, 512KiB or plain bytes");
  }
}

}  // namespace
}  // namespace bullmq_exporter
