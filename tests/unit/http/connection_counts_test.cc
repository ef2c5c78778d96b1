#include "exporter/http/connection_counts.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using Verdict = ConnectionCounts::Verdict;

TEST(ConnectionCounts, BoundsAnAddressBeforeAll) {
  ConnectionCounts counts(3, 2);
  EXPECT_EQ(counts.Admit("a"), Verdict::kAdmitted);
  EXPECT_EQ(counts.Admit("a"), Verdict::kAdmitted);
  EXPECT_EQ(counts.Admit("a"), Verdict::kAddressFull);
  EXPECT_EQ(counts.Admit("b"), Verdict::kAdmitted);
  EXPECT_EQ(counts.Admit("b"), Verdict::kFull);
  EXPECT_EQ(counts.Admit("a"), Verdict::kAddressFull);
  EXPECT_EQ(counts.total(), 3u);
  counts.Release("a");
  EXPECT_EQ(counts.Admit("b"), Verdict::kAdmitted);
  EXPECT_EQ(counts.total(), 3u);
}

TEST(ConnectionCounts, ReleaseOfWhatWasNotAdmittedChangesNothing) {
  ConnectionCounts counts(2, 2);
  counts.Release("a");
  EXPECT_EQ(counts.total(), 0u);
}

}  // namespace
}  // namespace bullmq_exporter
