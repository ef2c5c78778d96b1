#include "exporter/config/duration.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(DurationTest, ReadsAndWrites) {
  const struct {
    const char* text;
    std::int64_t milliseconds;
    const char* written;
  } cases[] = {
      {"5s", 5000, "5s"},           {"500ms", 500, "500ms"},   {"1m30s", 90000, "1m30s"},
      {"1h", 3600000, "1h"},        {"90s", 90000, "1m30s"},   {"1h0m5s", 3605000, "1h5s"},
      {"90d", 7776000000, "90d"},   {"2w", 1209600000, "14d"}, {"0s", 0, "0s"},
      {"1s500ms", 1500, "1s500ms"}, {"007s", 7000, "7s"},
  };
  for (const auto& c : cases) {
    const auto parsed = ParseDuration(c.text);
    ASSERT_TRUE(parsed.has_value()) << c.text;
    EXPECT_EQ(parsed->count(), c.milliseconds) << c.text;
    EXPECT_EQ(FormatDuration(*parsed), c.written) << c.text;
  }
}

TEST(DurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "5", "s", "5 s", "-5s", "+5s", "1.5s", "5sec", "30s1m", "1s1s", "5S",
                           "s5", "1h ", " 1h", "99999999999999999999s"}) {
    const auto parsed = ParseDuration(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().message, "\"" + std::string(text) +
                                          "\" is not a duration; write for example 500ms, 5s, "
                                          "1m30s or 1h");
  }
  for (const char* text : {"36501d", "9223372036854775807w", "9223372036854775807ms"}) {
    ASSERT_FALSE(ParseDuration(text).has_value()) << text;
    EXPECT_EQ(ParseDuration(text).error().message,
              "\"" + std::string(text) + "\" is longer than 100 years");
  }
}

}  // namespace
}  // namespace bullmq_exporter
