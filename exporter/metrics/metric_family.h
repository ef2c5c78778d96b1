#pragma once

#include <string_view>

namespace bullmq_exporter {

enum class MetricType { kCounter, kGauge, kHistogram };

// What a family says of itself in its HELP and TYPE lines.
struct MetricFamily {
  std::string_view name;  // in full, as it stands before the labels; a counter's ends in `_total`
  MetricType type = MetricType::kGauge;
  std::string_view help;  // where the number comes from and what it cannot know; any text
};

}  // namespace bullmq_exporter
