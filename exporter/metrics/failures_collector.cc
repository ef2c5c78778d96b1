#include "exporter/metrics/failures_collector.h"

namespace bullmq_exporter {
namespace {

// What is known of a queue's failures: all zero before the first one, null where they cannot be
// read.
const QueueFailures* FailuresOf(const QueueSnapshot& queue) {
  static const QueueFailures kNone;
  if (!queue.failures_readable) return nullptr;
  return queue.failures ? queue.failures.get() : &kNone;
}

void CollectRecent(const QueueSnapshot& queue, SampleWriter& out) {
  const QueueFailures* failures = FailuresOf(queue);
  if (failures == nullptr) return;
  for (const FailureCount& failure : failures->recent) {
    if (failure.reason.empty()) {  // no class is empty text: reasons are turned off
      out.Count(failure.count, {{"name", failure.name}});
    } else {
      out.Count(failure.count, {{"name", failure.name}, {"reason", failure.reason}});
    }
  }
}

constexpr QueueMetric kMetrics[] = {
    {{"bullmq_queue_recent_failures", MetricType::kGauge,
      "Failures that finished within the window "
      "(bullmq_exporter_failures_window_seconds), by job name and class of the "
      "reason, from the failed set: jobs that removeOnFail removes at once are not "
      "there; one that was retried since stays until its time."},
     &CollectRecent},
    {{"bullmq_queue_last_failure_timestamp_seconds", MetricType::kGauge,
      "When the last job failed, by the clock of its worker, from the failed set. "
      "Absent while none is known."},
     [](const QueueSnapshot& queue, SampleWriter& out) {
       if (const auto* failures = FailuresOf(queue)) out.TimeMs(failures->last_failure_ms);
     }},
    {{"bullmq_queue_failures_seen_total", MetricType::kCounter,
      "Failures that polls have met in the failed set since the exporter started, "
      "from 0. Jobs that removeOnFail removes at once are not there."},
     [](const QueueSnapshot& queue, SampleWriter& out) {
       if (const auto* failures = FailuresOf(queue)) out.Count(failures->seen_total);
     }},
    {{"bullmq_queue_recent_failures_skipped", MetricType::kGauge,
      "Failures within the window that bullmq_queue_recent_failures does not count "
      "because more came than a poll may read."},
     [](const QueueSnapshot& queue, SampleWriter& out) {
       if (const auto* failures = FailuresOf(queue)) out.Count(failures->skipped);
     }},
};

}  // namespace

std::span<const QueueMetric> FailuresMetrics() { return kMetrics; }

}  // namespace bullmq_exporter
