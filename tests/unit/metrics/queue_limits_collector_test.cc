#include "exporter/metrics/queue_limits_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(QueueLimitsCollectorTest, Values) {
  EXPECT_EQ(Rendered(QueueLimitsMetrics(), FullQueue("emails")),
            R"(bullmq_queue_paused{q="1"} 0
bullmq_queue_concurrency_limit{q="1"} 8
bullmq_queue_rate_limited{q="1"} 1
)");
}

TEST(QueueLimitsCollectorTest, WhatIsNotThereIsAbsent) {
  QueueSnapshot queue;
  queue.up = true;
  EXPECT_EQ(Rendered(QueueLimitsMetrics(), queue), "");
}

}  // namespace
}  // namespace bullmq_exporter
