#include "exporter/metrics/collectors.h"

#include <span>

#include "exporter/metrics/compatibility_collector.h"
#include "exporter/metrics/failures_collector.h"
#include "exporter/metrics/queue_jobs_collector.h"
#include "exporter/metrics/queue_limits_collector.h"
#include "exporter/metrics/queue_times_collector.h"
#include "exporter/metrics/queue_totals_collector.h"
#include "exporter/metrics/schedulers_collector.h"
#include "exporter/metrics/server_info_collector.h"
#include "exporter/metrics/target_collector.h"
#include "exporter/metrics/workers_collector.h"

namespace bullmq_exporter {
namespace {

template <class Metric>
void Add(std::span<const Metric> metrics, std::vector<Metric>& to) {
  to.insert(to.end(), metrics.begin(), metrics.end());
}

}  // namespace

Collectors AllCollectors(const std::vector<Compatibility>& compatibility) {
  Collectors collectors;
  Add(QueueJobsMetrics(), collectors.queue);
  Add(QueueTimesMetrics(), collectors.queue);
  Add(QueueLimitsMetrics(), collectors.queue);
  Add(QueueTotalsMetrics(), collectors.queue);
  Add(SchedulersMetrics(), collectors.queue);
  Add(WorkersMetrics(), collectors.queue);
  Add(FailuresMetrics(), collectors.queue);
  Add(TargetMetrics(), collectors.target);
  Add(ServerInfoMetrics(), collectors.target);
  for (const Compatibility exporter : compatibility) {
    Add(CompatibilityMetrics(exporter), collectors.queue);
  }
  return collectors;
}

}  // namespace bullmq_exporter
