#include "exporter/metrics/queue_jobs_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

QueueSnapshot EmptyQueue() {
  QueueSnapshot queue;
  queue.id = {"bull", "empty"};
  queue.up = true;
  return queue;
}

TEST(QueueJobsCollectorTest, EveryStateOfAQueueThatIsUp) {
  EXPECT_EQ(Rendered(QueueJobsMetrics(), FullQueue("emails")),
            R"(bullmq_queue_jobs{q="1",state="waiting"} 3
bullmq_queue_jobs{q="1",state="active"} 2
bullmq_queue_jobs{q="1",state="delayed"} 1
bullmq_queue_jobs{q="1",state="prioritized"} 4
bullmq_queue_jobs{q="1",state="waiting-children"} 5
bullmq_queue_jobs{q="1",state="paused"} 0
bullmq_queue_jobs{q="1",state="completed"} 1000
bullmq_queue_jobs{q="1",state="failed"} 7
bullmq_queue_up{q="1"} 1
bullmq_queue_info{q="1",version="bullmq:5.81.5"} 1
)");
}

TEST(QueueJobsCollectorTest, AVersionThatNobodyWroteIsEmptyAndOneThatCannotBeReadIsAbsent) {
  QueueSnapshot queue = EmptyQueue();
  EXPECT_EQ(Rendered(QueueJobsMetrics(), queue).find("bullmq_queue_info"), std::string::npos);
  queue.version = "";
  EXPECT_NE(Rendered(QueueJobsMetrics(), queue).find("bullmq_queue_info{q=\"1\",version=\"\"} 1\n"),
            std::string::npos);
}

TEST(QueueJobsCollectorTest, AQueueThatIsDownHasUpAlone) {
  QueueSnapshot queue = FullQueue("emails");
  queue.up = false;
  EXPECT_EQ(Rendered(QueueJobsMetrics(), queue), "bullmq_queue_up{q=\"1\"} 0\n");
}

}  // namespace
}  // namespace bullmq_exporter
