#include "exporter/metrics/compatibility_collector.h"

#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {
namespace {

void AppendQueueLabel(const QueueId& queue, std::string& out) {
  AppendLabel("queue", queue.name, out);
}

void AppendQueueAndPrefix(const QueueId& queue, std::string& out) {
  AppendLabel("queue", queue.name, out);
  out.push_back(',');
  AppendLabel("prefix", queue.prefix, out);
}

void CollectJobCount(const QueueSnapshot& queue, SampleWriter& out) {
  for (const JobState state : kJobStates) {
    out.Count(queue.jobs[Index(state)], {{"state", JobStateName(state)}});
  }
}

template <JobState State>
void CollectState(const QueueSnapshot& queue, SampleWriter& out) {
  out.Count(queue.jobs[Index(State)]);
}

// BullMQ's Queue.exportPrometheusMetrics.
constexpr QueueMetric kBullmq[] = {
    {{"bullmq_job_count", MetricType::kGauge,
      "Number of jobs in the queue by state. As bullmq_queue_jobs, for dashboards made for "
      "BullMQ's "
      "own export."},
     &CollectJobCount,
     false,
     &AppendQueueLabel},
    {{"bullmq_job_completed_total", MetricType::kCounter,
      "Total number of completed jobs. As bullmq_queue_finished_jobs_total, for dashboards made "
      "for "
      "BullMQ's own export; absent, not 0, where workers do not keep it."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.finished_completed); },
     false,
     &AppendQueueLabel},
    {{"bullmq_job_failed_total", MetricType::kCounter,
      "Total number of failed jobs. As bullmq_queue_finished_jobs_total, for dashboards made for "
      "BullMQ's own export; absent, not 0, where workers do not keep it."},
     [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.finished_failed); },
     false,
     &AppendQueueLabel},
};

constexpr QueueMetric kBullExporter[] = {
    {{"bull_queue_completed", MetricType::kGauge,
      "Completed jobs that are kept. As bullmq_queue_jobs, for dashboards made for bull_exporter."},
     &CollectState<JobState::kCompleted>,
     false,
     &AppendQueueAndPrefix},
    {{"bull_queue_active", MetricType::kGauge,
      "Active jobs. As bullmq_queue_jobs, for dashboards made for bull_exporter."},
     &CollectState<JobState::kActive>,
     false,
     &AppendQueueAndPrefix},
    {{"bull_queue_delayed", MetricType::kGauge,
      "Delayed jobs. As bullmq_queue_jobs, for dashboards made for bull_exporter."},
     &CollectState<JobState::kDelayed>,
     false,
     &AppendQueueAndPrefix},
    {{"bull_queue_failed", MetricType::kGauge,
      "Failed jobs that are kept. As bullmq_queue_jobs, for dashboards made for bull_exporter."},
     &CollectState<JobState::kFailed>,
     false,
     &AppendQueueAndPrefix},
    {{"bull_queue_waiting", MetricType::kGauge,
      "Waiting jobs, those with a priority (from BullMQ 4 on) not included. As bullmq_queue_jobs, "
      "for "
      "dashboards made for bull_exporter."},
     &CollectState<JobState::kWaiting>,
     false,
     &AppendQueueAndPrefix},
};

}  // namespace

std::span<const QueueMetric> CompatibilityMetrics(Compatibility exporter) {
  switch (exporter) {
    case Compatibility::kBullmq: return kBullmq;
    case Compatibility::kBullExporter: return kBullExporter;
  }
  return {};
}

}  // namespace bullmq_exporter
