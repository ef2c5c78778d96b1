#include "exporter/metrics/queue_times_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(QueueTimesCollectorTest, TimesAreSeconds) {
  EXPECT_EQ(Rendered(QueueTimesMetrics(), FullQueue("emails")),
            R"(bullmq_queue_oldest_waiting_job_timestamp_seconds{q="1"} 1764000000.123
bullmq_queue_oldest_active_job_timestamp_seconds{q="1"} 1764000001
bullmq_queue_next_delayed_job_timestamp_seconds{q="1"} 1764000060.5
bullmq_queue_overdue_delayed_jobs{q="1"} 1
bullmq_queue_last_completed_timestamp_seconds{q="1"} 1763999999.999
)");
}

TEST(QueueTimesCollectorTest, WhatIsNotThereIsAbsent) {
  QueueSnapshot queue;
  queue.up = true;
  EXPECT_EQ(Rendered(QueueTimesMetrics(), queue), "");
}

}  // namespace
}  // namespace bullmq_exporter
