#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// When jobs of a queue came, come due, or finished: timestamps, so that ages are made by queries.
[[nodiscard]] std::span<const QueueMetric> QueueTimesMetrics();

}  // namespace bullmq_exporter
