#include "exporter/metrics/failures_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(FailuresCollectorTest, Values) {
  EXPECT_EQ(
      Rendered(FailuresMetrics(), FullQueue("emails")),
      R"(bullmq_queue_recent_failures{q="1",name="send",reason="Connection timed out after <n> ms"} 5
bullmq_queue_recent_failures{q="1",name="send",reason="connect ECONNREFUSED <addr>"} 2
bullmq_queue_last_failure_timestamp_seconds{q="1"} 1764000000.777
bullmq_queue_failures_seen_total{q="1"} 9
bullmq_queue_recent_failures_skipped{q="1"} 1
)");
}

TEST(FailuresCollectorTest, ZeroBeforeTheFirstFailure) {
  QueueSnapshot queue;
  queue.up = true;
  EXPECT_EQ(Rendered(FailuresMetrics(), queue),
            "bullmq_queue_failures_seen_total{q=\"1\"} 0\n"
            "bullmq_queue_recent_failures_skipped{q=\"1\"} 0\n");
}

TEST(FailuresCollectorTest, AbsentWhereTheyCannotBeRead) {
  QueueSnapshot queue = FullQueue("emails");
  queue.failures_readable = false;
  EXPECT_EQ(Rendered(FailuresMetrics(), queue), "");
}

TEST(FailuresCollectorTest, WithoutReasonsTheLabelIsLeftOut) {
  QueueSnapshot queue = FullQueue("emails");
  queue.failures =
      std::make_shared<const QueueFailures>(QueueFailures{{{"send", "", 7}}, {}, 7, 0});
  EXPECT_EQ(Rendered(FailuresMetrics(), queue),
            "bullmq_queue_recent_failures{q=\"1\",name=\"send\"} 7\n"
            "bullmq_queue_failures_seen_total{q=\"1\"} 7\n"
            "bullmq_queue_recent_failures_skipped{q=\"1\"} 0\n");
}

}  // namespace
}  // namespace bullmq_exporter
