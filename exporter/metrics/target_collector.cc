#include "exporter/metrics/target_collector.h"

namespace bullmq_exporter {
namespace {

constexpr TargetMetric kMetrics[] = {
    {{"bullmq_up", MetricType::kGauge,
      "1 where the last poll could read this Redis; 0 where it could not: the log "
      "says why, and bullmq_exporter_poll_errors_total. Absent until the first poll "
      "has ended."},
     [](const Snapshot& snapshot, SampleWriter& out) { out.Flag(snapshot.up); }},
    {{"bullmq_exporter_last_poll_timestamp_seconds", MetricType::kGauge,
      "End of the last poll that could read this Redis, by the clock of the exporter."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       out.Number(snapshot.last_success_seconds);
     }},
    {{"bullmq_exporter_collector_supported", MetricType::kGauge,
      "0 where the server does not answer what a collector needs (CLIENT LIST for "
      "workers, INFO for server_info): forbidden by an ACL or not offered; its series "
      "are then absent."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       out.Flag(snapshot.workers_supported, {{"collector", "workers"}});
       out.Flag(snapshot.server_info_supported, {{"collector", "server_info"}});
     }},
    {{"bullmq_exporter_queues", MetricType::kGauge,
      "Queues that are shown: those named in the configuration and those found in "
      "Redis."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       out.Count(static_cast<std::int64_t>(snapshot.queues.size()));
     }},
    {{"bullmq_exporter_queues_ignored", MetricType::kGauge,
      "Queues that were found in Redis and are not shown because the configuration "
      "leaves them out."},
     [](const Snapshot& snapshot, SampleWriter& out) { out.Count(snapshot.queues_ignored); }},
    {{"bullmq_exporter_discovery_duration_seconds", MetricType::kGauge,
      "How long the last full pass over the keys took, pauses between its steps "
      "included. Absent until one has ended."},
     [](const Snapshot& snapshot, SampleWriter& out) { out.Number(snapshot.discovery_seconds); }},
    {{"bullmq_exporter_capped", MetricType::kGauge,
      "Items that a limit of the exporter holds back now: queues that are not shown; job names, "
      "reason classes and pairs of both that show as __other__."},
     [](const Snapshot& snapshot, SampleWriter& out) {
       out.Count(snapshot.capped.queues, {{"limit", "queues"}});
       out.Count(snapshot.capped.names, {{"limit", "names"}});
       out.Count(snapshot.capped.reasons, {{"limit", "reasons"}});
       out.Count(snapshot.capped.failure_pairs, {{"limit", "failure_pairs"}});
     }},
};

}  // namespace

std::span<const TargetMetric> TargetMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
