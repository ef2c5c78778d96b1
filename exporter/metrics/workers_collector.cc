#include "exporter/metrics/workers_collector.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_workers", MetricType::kGauge,
      "Workers connected now, counted from the connection names of CLIENT LIST. "
      "Absent where the server does not answer it; workers of Bull and those behind a "
      "proxy that hides names cannot be known."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.workers); }},
};

}  // namespace

std::span<const QueueMetric> WorkersMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
