#include "exporter/failures/skipped_failures.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(SkippedFailuresTest, LeavesTheWindowEvenly) {
  SkippedFailures skipped;
  skipped.Add(100, 1000, 2000);
  EXPECT_EQ(skipped.CountFrom(0), 100);
  EXPECT_EQ(skipped.CountFrom(1000), 100);
  EXPECT_EQ(skipped.CountFrom(1250), 75);
  EXPECT_EQ(skipped.CountFrom(1999), 1);
  EXPECT_EQ(skipped.CountFrom(2000), 0);
  skipped.Slide(1999);
  EXPECT_FALSE(skipped.empty());
  skipped.Slide(2000);
  EXPECT_TRUE(skipped.empty());
}

TEST(SkippedFailuresTest, ARangeMayBeAMoment) {
  SkippedFailures skipped;
  skipped.Add(3, 1000, 1000);
  skipped.Add(4, 1000, 900);
  EXPECT_EQ(skipped.CountFrom(1000), 7);
  EXPECT_EQ(skipped.CountFrom(1001), 0);
}

TEST(SkippedFailuresTest, NothingIsNothing) {
  SkippedFailures skipped;
  skipped.Add(0, 0, 10);
  skipped.Add(-5, 0, 10);
  EXPECT_TRUE(skipped.empty());
  EXPECT_EQ(skipped.CountFrom(0), 0);
}

TEST(SkippedFailuresTest, ManyRangesLoseNothing) {
  SkippedFailures skipped;
  for (std::int64_t i = 0; i < 1000; ++i) skipped.Add(2, 10 * i, 10 * i + 10);
  EXPECT_EQ(skipped.CountFrom(0), 2000);
  EXPECT_EQ(skipped.CountFrom(10'000), 0);
  EXPECT_NEAR(static_cast<double>(skipped.CountFrom(5000)), 1000, 200);
}

}  // namespace
}  // namespace bullmq_exporter
