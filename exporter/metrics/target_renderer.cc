#include "exporter/metrics/target_renderer.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {
namespace {

// Text is handed to deflate in parts of about this size.
constexpr std::size_t kChunkBytes = std::size_t{32} * 1024;

// The labels that the series of each queue share, made once a render: every family needs them.
class QueueLabels {
 public:
  explicit QueueLabels(const Snapshot& snapshot) {
    std::string target;
    AppendLabel("redis", snapshot.target, target);
    std::size_t size = 0;
    for (const QueueSnapshot& queue : snapshot.queues) {
      size += target.size() + queue.id.prefix.size() + queue.id.name.size() + 20;
    }
    text_.reserve(size);
    ends_.reserve(snapshot.queues.size());
    for (const QueueSnapshot& queue : snapshot.queues) {
      text_.append(target).push_back(',');
      AppendLabel("prefix", queue.id.prefix, text_);
      text_.push_back(',');
      AppendLabel("queue", queue.id.name, text_);
      ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    }
  }

  [[nodiscard]] std::string_view operator[](std::size_t queue) const {
    const std::size_t begin = queue == 0 ? 0 : ends_[queue - 1];
    return std::string_view(text_).substr(begin, ends_[queue] - begin);
  }

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;
};

class TargetRenderer {
 public:
  explicit TargetRenderer(const Snapshot& snapshot)
      : snapshot_(snapshot), queue_labels_(snapshot), out_(chunk_) {
    AppendLabel("redis", snapshot.target, target_label_);
  }

  // Null where the family has no series.
  std::shared_ptr<const DeflatedPiece> Render(const SnapshotMetric& metric,
                                              const DeflatedPiece* previous) {
    if (previous != nullptr) piece_.Expect(previous->deflated.size() * 9 / 8);
    std::visit([this](const auto& known) { Write(known); }, metric);
    piece_.Append(chunk_);
    chunk_.clear();
    DeflatedPiece piece = piece_.Finish();
    if (piece.empty()) return nullptr;
    return std::make_shared<const DeflatedPiece>(std::move(piece));
  }

 private:
  void Write(const TargetMetric& metric) {
    out_.Begin(metric.family.name, target_label_);
    metric.collect(snapshot_, out_);
  }

  void Write(const QueueMetric& metric) {
    std::string own_labels;
    for (std::size_t i = 0; i < snapshot_.queues.size(); ++i) {
      const QueueSnapshot& queue = snapshot_.queues[i];
      if (!queue.up && !metric.also_while_down) continue;
      std::string_view labels = queue_labels_[i];
      if (metric.append_labels != nullptr) {
        own_labels.clear();
        metric.append_labels(queue.id, own_labels);
        labels = own_labels;
      }
      out_.Begin(metric.family.name, labels);
      metric.collect(queue, out_);
      if (chunk_.size() >= kChunkBytes) {
        piece_.Append(chunk_);
        chunk_.clear();
      }
    }
  }

  const Snapshot& snapshot_;
  const QueueLabels queue_labels_;
  std::string target_label_;
  std::string chunk_;
  SampleWriter out_;
  PieceWriter piece_;
};

}  // namespace

const MetricFamily& FamilyOf(const SnapshotMetric& metric) {
  return std::visit([](const auto& known) -> const MetricFamily& { return known.family; }, metric);
}

PieceList RenderTarget(std::span<const SnapshotMetric> metrics, const Snapshot& snapshot,
                       const PieceList& previous) {
  TargetRenderer renderer(snapshot);
  PieceList pieces;
  pieces.reserve(metrics.size());
  for (const SnapshotMetric& metric : metrics) {
    const std::size_t index = pieces.size();
    const DeflatedPiece* old = index < previous.size() ? previous[index].get() : nullptr;
    pieces.push_back(renderer.Render(metric, old));
  }
  return pieces;
}

}  // namespace bullmq_exporter
