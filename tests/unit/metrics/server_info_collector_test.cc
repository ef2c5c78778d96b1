#include "exporter/metrics/server_info_collector.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/rendered.h"
#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

TEST(ServerInfoCollectorTest, MasterAndReplica) {
  EXPECT_EQ(
      Rendered(ServerInfoMetrics(), FullSnapshot("main")),
      R"(bullmq_redis_info{r="1",server="127.0.0.1:6379",version="7.0.15",role="master",mode="standalone"} 1
bullmq_redis_info{r="1",server="127.0.0.1:6380",version="7.0.15",role="slave",mode="standalone"} 1
bullmq_redis_maxmemory_policy_noeviction{r="1",server="127.0.0.1:6379"} 1
bullmq_redis_maxmemory_policy_noeviction{r="1",server="127.0.0.1:6380"} 1
bullmq_redis_memory_used_bytes{r="1",server="127.0.0.1:6379"} 1234567
bullmq_redis_memory_used_bytes{r="1",server="127.0.0.1:6380"} 1234567
bullmq_redis_memory_max_bytes{r="1",server="127.0.0.1:6379"} 0
bullmq_redis_memory_max_bytes{r="1",server="127.0.0.1:6380"} 0
bullmq_redis_replication_link_up{r="1",server="127.0.0.1:6380"} 1
bullmq_redis_connected_replicas{r="1",server="127.0.0.1:6379"} 1
)");
}

TEST(ServerInfoCollectorTest, NothingWhileTheTargetIsDown) {
  Snapshot snapshot = FullSnapshot("main");
  snapshot.up = false;
  EXPECT_EQ(Rendered(ServerInfoMetrics(), snapshot), "");
}

TEST(ServerInfoCollectorTest, WhatInfoDoesNotSayIsAbsent) {
  Snapshot snapshot;
  snapshot.up = true;
  EXPECT_EQ(Rendered(ServerInfoMetrics(), snapshot), "");
  snapshot.servers.push_back({"redis:6379", "8.0.0", "master", "standalone", {}, {}, {}, {}, {}});
  EXPECT_EQ(Rendered(ServerInfoMetrics(), snapshot),
            "bullmq_redis_info{r=\"1\",server=\"redis:6379\",version=\"8.0.0\",role=\"master\","
            "mode=\"standalone\"} "
            "1\n");
}

}  // namespace
}  // namespace bullmq_exporter
