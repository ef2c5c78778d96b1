#include "exporter/metrics/schedulers_collector.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_schedulers", MetricType::kGauge,
      "Job schedulers and repeatable jobs of the queue: members of repeat. Those that "
      "have ended stay in that set for ever and count here."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.schedulers); }},
    {{"bullmq_queue_overdue_schedulers", MetricType::kGauge,
      "Job schedulers whose next run is past: their chain of jobs has stopped, or no "
      "worker is there. Those that have ended (limit reached, endDate past) do not "
      "count."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.overdue_schedulers); }},
    {{"bullmq_queue_next_scheduled_timestamp_seconds", MetricType::kGauge,
      "When the next job scheduler is to run: the lowest score of repeat among those "
      "that have not ended. Absent without one."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.TimeMs(queue.next_scheduled_ms); }},
};

}  // namespace

std::span<const QueueMetric> SchedulersMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
