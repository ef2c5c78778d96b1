#pragma once

#include <span>
#include <string>

#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

// The lines that these metrics make of a queue, with `{q}` for the labels that all series of it
// share, as
// `{q="1"}`. As the renderer does, metrics that are not made for it are not asked when the queue is
// down.
inline std::string Rendered(std::span<const QueueMetric> metrics, const QueueSnapshot& queue) {
  std::string text;
  SampleWriter out(text);
  for (const QueueMetric& metric : metrics) {
    if (!queue.up && !metric.also_while_down) continue;
    std::string labels = "q=\"1\"";
    if (metric.append_labels != nullptr) {
      labels.clear();
      metric.append_labels(queue.id, labels);
    }
    out.Begin(metric.family.name, labels);
    metric.collect(queue, out);
  }
  return text;
}

// The same for metrics of a target, whose shared labels stand as `{r="1"}`.
inline std::string Rendered(std::span<const TargetMetric> metrics, const Snapshot& snapshot) {
  std::string text;
  SampleWriter out(text);
  for (const TargetMetric& metric : metrics) {
    out.Begin(metric.family.name, "r=\"1\"");
    metric.collect(snapshot, out);
  }
  return text;
}

}  // namespace bullmq_exporter
