#pragma once

#include <string>

#include "exporter/metrics/metric_family.h"
#include "exporter/metrics/sample_writer.h"
#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// A family with series for each queue. Pure functions of the snapshot.
struct QueueMetric {
  MetricFamily family;

  // Writes what this family says of one queue. Asked only of queues that are up, so that a queue
  // which could not be read has no series, but for bullmq_queue_up.
  void (*collect)(const QueueSnapshot& queue, SampleWriter& out) = nullptr;
  bool also_while_down = false;

  // The labels that all series of a queue share; null: `redis`, `prefix` and `queue`.
  void (*append_labels)(const QueueId& queue, std::string& out) = nullptr;
};

// A family with series for each target; they share the label `redis`. Asked of targets that are
// down too.
struct TargetMetric {
  MetricFamily family;
  void (*collect)(const Snapshot& snapshot, SampleWriter& out) = nullptr;
};

}  // namespace bullmq_exporter
