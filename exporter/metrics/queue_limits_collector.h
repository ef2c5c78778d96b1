#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// What holds a queue back on purpose.
[[nodiscard]] std::span<const QueueMetric> QueueLimitsMetrics();

}  // namespace bullmq_exporter
