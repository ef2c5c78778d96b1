#pragma once

#include <string>

#include "exporter/metrics/metric_family.h"

namespace bullmq_exporter {

// A family that is small and rendered as text, for a scrape or once and for all.
struct TextFamily {
  std::string name;
  MetricType type = MetricType::kGauge;
  std::string help;
  std::string samples;  // whole lines; empty: the family is not shown

  [[nodiscard]] MetricFamily Header() const { return {name, type, help}; }
};

}  // namespace bullmq_exporter
