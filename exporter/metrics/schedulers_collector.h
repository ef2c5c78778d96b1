#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// Job schedulers and repeatable jobs of a queue.
[[nodiscard]] std::span<const QueueMetric> SchedulersMetrics();

}  // namespace bullmq_exporter
