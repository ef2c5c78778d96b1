#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// How many jobs a queue holds, and whether it could be read.
[[nodiscard]] std::span<const QueueMetric> QueueJobsMetrics();

}  // namespace bullmq_exporter
