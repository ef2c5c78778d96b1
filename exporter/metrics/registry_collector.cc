#include "exporter/metrics/registry_collector.h"

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <string>

#include "exporter/metrics/sample_writer.h"
#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {
namespace {

MetricType TypeOf(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter: return MetricType::kCounter;
    case prometheus::MetricType::Histogram: return MetricType::kHistogram;
    default: return MetricType::kGauge;  // instruments/ makes no other kind
  }
}

std::string LabelBlock(const std::vector<prometheus::ClientMetric::Label>& labels) {
  std::string block;
  for (const auto& label : labels) {
    if (!block.empty()) block.push_back(',');
    AppendLabelText(label.name, label.value, block);  // instruments/ puts in what LabelText made
  }
  return block;
}

void WriteHistogram(const std::string& name, const std::string& labels,
                    const prometheus::ClientMetric::Histogram& histogram, std::string& samples) {
  SampleWriter out(samples);
  const std::string bucket_name = name + "_bucket";
  out.Begin(bucket_name, labels);
  for (const auto& bucket : histogram.bucket) {
    std::string bound;
    AppendBucketBound(bucket.upper_bound, bound);
    out.Count(static_cast<std::int64_t>(bucket.cumulative_count), {{"le", bound}});
  }
  const std::string count_name = name + "_count";
  out.Begin(count_name, labels);
  out.Count(static_cast<std::int64_t>(histogram.sample_count));
  const std::string sum_name = name + "_sum";
  out.Begin(sum_name, labels);
  out.Number(histogram.sample_sum);
}

TextFamily Render(prometheus::MetricFamily& family) {
  TextFamily text{family.name, TypeOf(family.type), family.help, {}};
  std::sort(family.metric.begin(), family.metric.end(),
            [](const auto& a, const auto& b) { return a.label < b.label; });
  SampleWriter out(text.samples);
  for (const prometheus::ClientMetric& metric : family.metric) {
    const std::string labels = LabelBlock(metric.label);
    out.Begin(text.name, labels);
    switch (text.type) {
      case MetricType::kCounter: out.Number(metric.counter.value); break;
      case MetricType::kGauge: out.Number(metric.gauge.value); break;
      case MetricType::kHistogram:
        WriteHistogram(text.name, labels, metric.histogram, text.samples);
        break;
    }
  }
  return text;
}

}  // namespace

std::vector<TextFamily> CollectRegistry(const prometheus::Registry& registry) {
  std::vector<TextFamily> families;
  for (prometheus::MetricFamily& family : registry.Collect()) families.push_back(Render(family));
  return families;
}

}  // namespace bullmq_exporter
