#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "exporter/metrics/deflated_piece.h"
#include "exporter/metrics/snapshot_metric.h"

namespace bullmq_exporter {

using SnapshotMetric = std::variant<QueueMetric, TargetMetric>;

[[nodiscard]] const MetricFamily& FamilyOf(const SnapshotMetric& metric);

// Renders the lines of one target, without HELP and TYPE: a piece for each of `metrics`, in their
// order; null where a family has no series. `previous` is what the last call gave (or empty), for
// its sizes. Beside the result it needs about 70 bytes a queue and 400 KB for a moment.
// Thread-safe.
[[nodiscard]] PieceList RenderTarget(std::span<const SnapshotMetric> metrics,
                                     const Snapshot& snapshot, const PieceList& previous);

}  // namespace bullmq_exporter
