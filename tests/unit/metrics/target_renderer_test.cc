#include "exporter/metrics/target_renderer.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/snapshots.h"

namespace bullmq_exporter {
namespace {

constexpr QueueMetric kWorkers{
    {"workers", MetricType::kGauge, "W."},
    [](const QueueSnapshot& queue, SampleWriter& out) { out.Count(queue.workers); }};
constexpr QueueMetric kUp{{"up", MetricType::kGauge, "U."},
                          [](const QueueSnapshot& queue, SampleWriter& out) { out.Flag(queue.up); },
                          /*also_while_down=*/true};
constexpr QueueMetric kOwnLabels{{"own", MetricType::kGauge, "O."},
                                 [](const QueueSnapshot&, SampleWriter& out) { out.Count(1); },
                                 false,
                                 [](const QueueId& queue, std::string& out) {
                                   out.append("name=\"").append(queue.name).push_back('"');
                                 }};
constexpr TargetMetric kQueues{{"queues", MetricType::kGauge, "Q."},
                               [](const Snapshot& snapshot, SampleWriter& out) {
                                 out.Count(static_cast<std::int64_t>(snapshot.queues.size()));
                               }};
const SnapshotMetric kMetrics[] = {kWorkers, kUp, kOwnLabels, kQueues};

std::string Text(const std::shared_ptr<const DeflatedPiece>& piece) {
  std::string text;
  EXPECT_TRUE(InflatePieces({piece}, [&text](std::string_view bytes) {
    text.append(bytes);
    return true;
  }));
  return text;
}

TEST(TargetRendererTest, APieceForEachMetric) {
  Snapshot snapshot = SnapshotOf("main", FullQueue("emails"));
  snapshot.queues.push_back(FullQueue("down"));
  snapshot.queues.back().up = false;
  const PieceList pieces = RenderTarget(kMetrics, snapshot, {});
  ASSERT_EQ(pieces.size(), 4);
  EXPECT_EQ(Text(pieces[0]), "workers{redis=\"main\",prefix=\"bull\",queue=\"emails\"} 2\n");
  EXPECT_EQ(Text(pieces[1]),
            "up{redis=\"main\",prefix=\"bull\",queue=\"emails\"} 1\n"
            "up{redis=\"main\",prefix=\"bull\",queue=\"down\"} 0\n");
  EXPECT_EQ(Text(pieces[2]), "own{name=\"emails\"} 1\n");
  EXPECT_EQ(Text(pieces[3]), "queues{redis=\"main\"} 2\n");
}

TEST(TargetRendererTest, AFamilyWithoutSeriesHasNoPiece) {
  QueueSnapshot queue = FullQueue("emails");
  queue.workers.reset();
  const PieceList pieces = RenderTarget(kMetrics, SnapshotOf("main", queue), {});
  EXPECT_EQ(pieces[0], nullptr);
  EXPECT_NE(pieces[1], nullptr);
}

TEST(TargetRendererTest, ManyQueuesCrossChunks) {
  Snapshot snapshot = SnapshotOf("main", FullQueue("0"));
  std::string expected = "workers{redis=\"main\",prefix=\"bull\",queue=\"0\"} 2\n";
  for (int i = 1; i < 3000; ++i) {
    snapshot.queues.push_back(FullQueue(std::to_string(i)));
    snapshot.queues.back().workers = i;
    expected += "workers{redis=\"main\",prefix=\"bull\",queue=\"" + std::to_string(i) + "\"} " +
                std::to_string(i) + "\n";
  }
  const PieceList first = RenderTarget(kMetrics, snapshot, {});
  EXPECT_EQ(Text(first[0]), expected);
  EXPECT_EQ(Text(RenderTarget(kMetrics, snapshot, first)[0]), expected);
}

}  // namespace
}  // namespace bullmq_exporter
