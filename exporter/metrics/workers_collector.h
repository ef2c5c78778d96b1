#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// Who works on a queue.
[[nodiscard]] std::span<const QueueMetric> WorkersMetrics();

}  // namespace bullmq_exporter
