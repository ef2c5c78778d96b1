#include "exporter/metrics/queue_limits_collector.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_paused", MetricType::kGauge,
      "1 while the whole queue is paused (meta.paused; in Bull the key meta-paused). "
      "A worker that is paused by itself does not show."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Flag(queue.paused); }},
    {{"bullmq_queue_concurrency_limit", MetricType::kGauge,
      "How many jobs of the queue may be active at once over all workers "
      "(meta.concurrency). Absent without such a limit; what each worker sets for "
      "itself is not in Redis."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.concurrency_limit); }},
    {{"bullmq_queue_rate_limited", MetricType::kGauge,
      "1 while the queue waits for its rate limiter: the key limiter against "
      "meta.max, or a limit set by hand. Absent where a limit that stands only in a "
      "worker may apply: that one is not in Redis."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Flag(queue.rate_limited); }},
};

}  // namespace

std::span<const QueueMetric> QueueLimitsMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
