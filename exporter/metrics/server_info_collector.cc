#include "exporter/metrics/server_info_collector.h"

namespace bullmq_exporter {
namespace {

// Nothing that comes from Redis is shown of a target that the last poll could not read.
std::span<const ServerInfo> ServersOf(const Snapshot& snapshot) {
  if (!snapshot.up) return {};
  return snapshot.servers;
}

constexpr TargetMetric kMetrics[] = {
    {{"bullmq_redis_info", MetricType::kGauge,
      "Always 1. Server, version, role and mode as INFO says them."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot)) {
         out.Flag(true, {{"server", server.server},
                         {"version", server.version},
                         {"role", server.role},
                         {"mode", server.mode}});
       }
     }},
    {{"bullmq_redis_maxmemory_policy_noeviction", MetricType::kGauge,
      "1 where maxmemory_policy of INFO is noeviction, as BullMQ needs; any other may "
      "throw jobs away. Absent where INFO does not say."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot))
         out.Flag(server.maxmemory_policy_noeviction, {{"server", server.server}});
     }},
    {{"bullmq_redis_memory_used_bytes", MetricType::kGauge, "used_memory of INFO."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot))
         out.Count(server.memory_used_bytes, {{"server", server.server}});
     }},
    {{"bullmq_redis_memory_max_bytes", MetricType::kGauge, "maxmemory of INFO; 0 is no limit."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot))
         out.Count(server.memory_max_bytes, {{"server", server.server}});
     }},
    {{"bullmq_redis_replication_link_up", MetricType::kGauge,
      "1 while a replica is connected to its master (master_link_status of INFO); on "
      "replicas only."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot))
         out.Flag(server.replication_link_up, {{"server", server.server}});
     }},
    {{"bullmq_redis_connected_replicas", MetricType::kGauge,
      "Replicas connected to a master (connected_slaves of INFO); on masters only."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       for (const ServerInfo& server : ServersOf(snapshot))
         out.Count(server.connected_replicas, {{"server", server.server}});
     }},
};

}  // namespace

std::span<const TargetMetric> ServerInfoMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
