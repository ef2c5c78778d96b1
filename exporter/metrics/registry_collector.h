#pragma once

#include <vector>

#include "exporter/metrics/text_family.h"

namespace prometheus {
class Registry;
}  // namespace prometheus

namespace bullmq_exporter {

// The exporter's own counters, gauges and histograms as they stand now; series sorted by their
// labels.
[[nodiscard]] std::vector<TextFamily> CollectRegistry(const prometheus::Registry& registry);

}  // namespace bullmq_exporter
