#include "exporter/bullmq/job_times.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(JobTimesTest, ReadyTimeIsABoundForWhatWasAttempted) {
  JobTimes fresh;
  fresh.timestamp_ms = 1000;
  EXPECT_EQ(ReadyTime(fresh, 0), 1000);
  EXPECT_EQ(ReadyTime(fresh, 500), 1500) << "a delayed job is ready when its delay is over";

  JobTimes attempted = fresh;
  attempted.attempted = true;
  EXPECT_EQ(ReadyTime(attempted, 0), std::nullopt) << "when it came back stands nowhere";
  attempted.processed_on_ms = 3000;
  EXPECT_EQ(ReadyTime(attempted, 500), 3000);

  EXPECT_EQ(ReadyTime(JobTimes{}, 500), std::nullopt) << "the hash is gone";
}

TEST(JobTimesTest, OptionsAreReadOnlyWhereTheirDelayCounts) {
  JobTimes times;
  times.timestamp_ms = 1000;
  times.opts_bytes = 40;
  EXPECT_TRUE(NeedsDelay(times));
  times.opts_bytes = 2;
  EXPECT_FALSE(NeedsDelay(times)) << "{}";
  times.opts_bytes = 50 << 20;
  EXPECT_FALSE(NeedsDelay(times)) << "too large to read for an age";
  times.opts_bytes = 40;
  times.processed_on_ms = 1;
  EXPECT_FALSE(NeedsDelay(times));
}

TEST(JobTimesTest, DelayOfOpts) {
  struct Case {
    std::string opts;
    std::int64_t delay;
  };
  for (const Case& c : {
           Case{R"({"attempts":3,"delay":5000})", 5000},
           Case{R"({"delay":1500.5})", 1500},
           Case{R"({"delay":-5})", 0},
           Case{R"({"delay":"5000"})", 0},
           Case{R"({"backoff":{"delay":7}})", 0},
           Case{R"({"delay":1e300})", 0},
           Case{"{}", 0},
           Case{"null", 0},
           Case{"", 0},
           Case{"{\"delay\":", 0},
           Case{std::string(60000, '['), 0},
       }) {
    EXPECT_EQ(DelayOfOpts(c.opts), c.delay) << c.opts.substr(0, 80);
  }
}

}  // namespace
}  // namespace bullmq_exporter
