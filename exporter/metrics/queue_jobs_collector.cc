#include "exporter/metrics/queue_jobs_collector.h"

namespace bullmq_exporter {
namespace {

void CollectJobs(const QueueSnapshot& queue, SampleWriter& out) {
  for (const JobState state : kJobStates) {
    out.Count(queue.jobs[Index(state)], {{"state", JobStateName(state)}});
  }
}

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_jobs", MetricType::kGauge,
      "Jobs that the queue holds now, by state: LLEN and ZCARD of its keys, markers "
      "of older versions not counted. Completed and failed are the jobs that are "
      "kept, not all that ever were."},
     &CollectJobs},
    {{"bullmq_queue_up", MetricType::kGauge,
      "1 where the last poll could read the queue; 0 where it could not (a key of a "
      "wrong type or forbidden, or its Redis is down): it then has no other series."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Flag(queue.up); },
     /*also_while_down=*/true},
    {{"bullmq_queue_info", MetricType::kGauge,
      "Always 1. The version is what meta.version says: that of the library which "
      "last wrote it; empty where nobody did (Bull, and the first releases of some "
      "BullMQ versions)."},
     [](const QueueSnapshot& queue, SampleWriter& out) {
       if (queue.version) out.Flag(true, {{"version", *queue.version}});
     }},
};

}  // namespace

std::span<const QueueMetric> QueueJobsMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
