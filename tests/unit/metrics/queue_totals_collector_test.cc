#include "exporter/metrics/queue_totals_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(QueueTotalsCollectorTest, Values) {
  EXPECT_EQ(Rendered(QueueTotalsMetrics(), FullQueue("emails")),
            R"(bullmq_queue_job_ids_total{q="1"} 12345
bullmq_queue_finished_jobs_total{q="1",outcome="completed"} 12000
bullmq_queue_finished_jobs_total{q="1",outcome="failed"} 37
)");
}

TEST(QueueTotalsCollectorTest, EachIsAbsentByItself) {
  QueueSnapshot queue;
  queue.up = true;
  EXPECT_EQ(Rendered(QueueTotalsMetrics(), queue), "");
  queue.finished_failed = 0;
  EXPECT_EQ(Rendered(QueueTotalsMetrics(), queue),
            "bullmq_queue_finished_jobs_total{q=\"1\",outcome=\"failed\"} 0\n");
}

}  // namespace
}  // namespace bullmq_exporter
