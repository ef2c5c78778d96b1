#include "exporter/base/rfc3339.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(Rfc3339Test, Parses) {
  struct Case {
    const char* text;
    std::int64_t ms;
  };
  for (const Case& c : {
           Case{"1970-01-01T00:00:00Z", 0},
           Case{"2027-01-01T00:00:00Z", 1798761600000},
           Case{"2027-01-01t00:00:00z", 1798761600000},
           Case{"2027-01-01T01:30:00+01:30", 1798761600000},
           Case{"2026-12-31T22:00:00-02:00", 1798761600000},
           Case{"2027-01-01T00:00:00.5Z", 1798761600500},
           Case{"2027-01-01T00:00:00.0123456789Z", 1798761600012},
           Case{"2024-02-29T23:59:59Z", 1709251199000},
           Case{"1969-12-31T23:59:59.999Z", -1},
           Case{"0001-01-01T00:00:00Z", -62135596800000},
           Case{"9999-12-31T23:59:59Z", 253402300799000},
       }) {
    EXPECT_EQ(ParseRfc3339(c.text), c.ms) << c.text;
  }
}

TEST(Rfc3339Test, RefusesAllElse) {
  for (const char* text : {
           "",
           "2027",
           "2027-01-01",
           "2027-01-01T00:00:00",
           "2027-01-01 00:00:00Z",
           "2027-1-01T00:00:00Z",
           "2027-13-01T00:00:00Z",
           "2027-00-01T00:00:00Z",
           "2027-02-29T00:00:00Z",
           "2027-01-01T24:00:00Z",
           "2027-01-01T00:60:00Z",
           "2027-01-01T00:00:60Z",
           "2027-01-01T00:00:00.Z",
           "2027-01-01T00:00:00+1:00",
           "2027-01-01T00:00:00+24:00",
           "2027-01-01T00:00:00+00:60",
           "2027-01-01T00:00:00Zx",
           " 2027-01-01T00:00:00Z",
           "+027-01-01T00:00:00Z",
           "2027-01-01T00:00:00z ",
       }) {
    EXPECT_EQ(ParseRfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339Test, FormatsWhatItParses) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2027-01-01T12:34:56Z", "2024-02-29T23:59:59Z",
                           "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"}) {
    const auto ms = ParseRfc3339(text);
    ASSERT_TRUE(ms) << text;
    EXPECT_EQ(FormatRfc3339(*ms), text);
    EXPECT_EQ(FormatRfc3339(*ms + 999), text);
  }
}

}  // namespace
}  // namespace bullmq_exporter
