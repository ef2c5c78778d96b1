#include "exporter/metrics/target_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(TargetCollectorTest, Values) {
  EXPECT_EQ(Rendered(TargetMetrics(), FullSnapshot("main")),
            R"(bullmq_up{r="1"} 1
bullmq_exporter_last_poll_timestamp_seconds{r="1"} 1764000002.5
bullmq_exporter_collector_supported{r="1",collector="workers"} 1
bullmq_exporter_collector_supported{r="1",collector="server_info"} 1
bullmq_exporter_queues{r="1"} 1
bullmq_exporter_queues_ignored{r="1"} 4
bullmq_exporter_discovery_duration_seconds{r="1"} 0.25
bullmq_exporter_capped{r="1",limit="queues"} 1
bullmq_exporter_capped{r="1",limit="names"} 4
bullmq_exporter_capped{r="1",limit="reasons"} 2
bullmq_exporter_capped{r="1",limit="failure_pairs"} 3
)");
}

TEST(TargetCollectorTest, BeforeAnythingCouldBeRead) {
  Snapshot snapshot;
  snapshot.target = "main";
  EXPECT_EQ(Rendered(TargetMetrics(), snapshot),
            R"(bullmq_up{r="1"} 0
bullmq_exporter_queues{r="1"} 0
bullmq_exporter_queues_ignored{r="1"} 0
bullmq_exporter_capped{r="1",limit="queues"} 0
bullmq_exporter_capped{r="1",limit="names"} 0
bullmq_exporter_capped{r="1",limit="reasons"} 0
bullmq_exporter_capped{r="1",limit="failure_pairs"} 0
)");
}

TEST(TargetCollectorTest, ForbiddenCollectorsShowZero) {
  Snapshot snapshot = FullSnapshot("main");
  snapshot.workers_supported = false;
  EXPECT_NE(Rendered(TargetMetrics(), snapshot)
                .find("bullmq_exporter_collector_supported{r=\"1\",collector=\"workers\"} 0\n"),
            std::string::npos);
}

}  // namespace
}  // namespace bullmq_exporter
