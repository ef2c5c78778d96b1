#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// What failed in a queue of late, from its failed set.
[[nodiscard]] std::span<const QueueMetric> FailuresMetrics();

}  // namespace bullmq_exporter
