#include "exporter/metrics/schedulers_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(SchedulersCollectorTest, Values) {
  EXPECT_EQ(Rendered(SchedulersMetrics(), FullQueue("emails")),
            R"(bullmq_queue_schedulers{q="1"} 3
bullmq_queue_overdue_schedulers{q="1"} 1
bullmq_queue_next_scheduled_timestamp_seconds{q="1"} 1764000030
)");
}

TEST(SchedulersCollectorTest, WhatIsNotThereIsAbsent) {
  QueueSnapshot queue;
  queue.up = true;
  queue.schedulers = 0;
  EXPECT_EQ(Rendered(SchedulersMetrics(), queue), "bullmq_queue_schedulers{q=\"1\"} 0\n");
}

}  // namespace
}  // namespace bullmq_exporter
