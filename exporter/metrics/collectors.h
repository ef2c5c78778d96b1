#pragma once

#include <vector>

#include "exporter/config/config.h"
#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// Every family that is made from snapshots.
struct Collectors {
  std::vector<QueueMetric> queue;
  std::vector<TargetMetric> target;
};

// The table of collectors: a new one is a line here. `compatibility` adds series of other
// exporters.
[[nodiscard]] Collectors AllCollectors(const std::vector<Compatibility>& compatibility);

}  // namespace bullmq_exporter
