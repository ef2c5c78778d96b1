#include "exporter/metrics/workers_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(WorkersCollectorTest, CountsOrIsAbsent) {
  QueueSnapshot queue = FullQueue("emails");
  EXPECT_EQ(Rendered(WorkersMetrics(), queue), "bullmq_queue_workers{q=\"1\"} 2\n");
  queue.workers = 0;
  EXPECT_EQ(Rendered(WorkersMetrics(), queue), "bullmq_queue_workers{q=\"1\"} 0\n");
  queue.workers.reset();
  EXPECT_EQ(Rendered(WorkersMetrics(), queue), "");
}

}  // namespace
}  // namespace bullmq_exporter
