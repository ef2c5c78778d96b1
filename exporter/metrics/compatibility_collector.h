#pragma once

#include <span>

#include "exporter/config/config.h"
#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// The series of another exporter under its own names and labels, for dashboards made for it. Its
// labels cannot tell targets or prefixes apart: the configuration allows this with one of each
// only.
[[nodiscard]] std::span<const QueueMetric> CompatibilityMetrics(Compatibility exporter);

}  // namespace bullmq_exporter
