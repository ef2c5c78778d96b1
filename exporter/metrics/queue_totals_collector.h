#pragma once

#include <span>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// Totals that Redis keeps: they count on while the exporter is not there.
[[nodiscard]] std::span<const QueueMetric> QueueTotalsMetrics();

}  // namespace bullmq_exporter
