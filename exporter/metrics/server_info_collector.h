#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// What INFO says about the servers of a target. Absent while the target is down or does not answer
// INFO.
[[nodiscard]] std::span<const TargetMetric> ServerInfoMetrics();

}  // namespace bullmq_exporter
