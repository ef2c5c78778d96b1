#pragma once

#include <prometheus/registry.h>

#include <map>
#include <string>

namespace bullmq_exporter {

// What a registry holds as `name{label="value",…}` → value; a histogram shows as its _count.
// Labels are sorted by name.
inline std::map<std::string, double> Collected(const prometheus::Registry& registry) {
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : registry.Collect()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string series = family.name;
      double value = metric.counter.value;
      if (family.type == prometheus::MetricType::Gauge) value = metric.gauge.value;
      if (family.type == prometheus::MetricType::Histogram) {
        value = static_cast<double>(metric.histogram.sample_count);
        series += "_count";
      }
      std::map<std::string, std::string> labels;
      for (const auto& label : metric.label) labels[label.name] = label.value;
      char separator = '{';
      for (const auto& [name, text] : labels) {
        series += separator + name + "=\"" + text + '"';
        separator = ',';
      }
      values[series + '}'] = value;
    }
  }
  return values;
}

}  // namespace bullmq_exporter
