#include "exporter/metrics/queue_totals_collector.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_job_ids_total", MetricType::kCounter,
      "Job ids that the queue has given out (the key id), one for each addition: "
      "duplicates, deduplicated additions and jobs with ids of their own count too. Kept "
      "by Redis; does not fall when Redis says less than before."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.job_ids_total); }},
    {{"bullmq_queue_finished_jobs_total", MetricType::kCounter,
      "Jobs that workers have finished, by outcome (count of metrics:completed and "
      "metrics:failed). Kept by Redis where workers have metrics turned on, else "
      "absent; does not fall when Redis says less than before."},
     [](const QueueSnapshot& queue, SampleWriter& out) {
       out.Count(queue.finished_completed, {{"outcome", "completed"}});
       out.Count(queue.finished_failed, {{"outcome", "failed"}});
     }},
};

}  // namespace

std::span<const QueueMetric> QueueTotalsMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
