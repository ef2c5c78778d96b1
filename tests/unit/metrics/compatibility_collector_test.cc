#include "exporter/metrics/compatibility_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(CompatibilityCollectorTest, Bullmq) {
  EXPECT_EQ(Rendered(CompatibilityMetrics(Compatibility::kBullmq), FullQueue("emails")),
            R"(bullmq_job_count{queue="emails",state="waiting"} 3
bullmq_job_count{queue="emails",state="active"} 2
bullmq_job_count{queue="emails",state="delayed"} 1
bullmq_job_count{queue="emails",state="prioritized"} 4
bullmq_job_count{queue="emails",state="waiting-children"} 5
bullmq_job_count{queue="emails",state="paused"} 0
bullmq_job_count{queue="emails",state="completed"} 1000
bullmq_job_count{queue="emails",state="failed"} 7
bullmq_job_completed_total{queue="emails"} 12000
bullmq_job_failed_total{queue="emails"} 37
)");
}

TEST(CompatibilityCollectorTest, BullExporter) {
  EXPECT_EQ(Rendered(CompatibilityMetrics(Compatibility::kBullExporter), FullQueue("e\"mails")),
            R"(bull_queue_completed{queue="e\"mails",prefix="bull"} 1000
bull_queue_active{queue="e\"mails",prefix="bull"} 2
bull_queue_delayed{queue="e\"mails",prefix="bull"} 1
bull_queue_failed{queue="e\"mails",prefix="bull"} 7
bull_queue_waiting{queue="e\"mails",prefix="bull"} 3
)");
}

TEST(CompatibilityCollectorTest, NothingOfAQueueThatIsDown) {
  QueueSnapshot queue = FullQueue("emails");
  queue.up = false;
  EXPECT_EQ(Rendered(CompatibilityMetrics(Compatibility::kBullmq), queue), "");
  EXPECT_EQ(Rendered(CompatibilityMetrics(Compatibility::kBullExporter), queue), "");
}

}  // namespace
}  // namespace bullmq_exporter
