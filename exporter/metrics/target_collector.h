#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// How the exporter gets on with a target.
[[nodiscard]] std::span<const TargetMetric> TargetMetrics();

}  // namespace bullmq_exporter
