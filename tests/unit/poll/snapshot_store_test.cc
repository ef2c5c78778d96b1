#include "exporter/poll/snapshot_store.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

std::shared_ptr<const Snapshot> Of(std::string target) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->target = std::move(target);
  return snapshot;
}

TEST(SnapshotStoreTest, KeepsTheNewestOfEachTarget) {
  SnapshotStore store;
  EXPECT_EQ(store.Get("a"), nullptr);
  const auto first = Of("a");
  const auto second = Of("a");
  const auto other = Of("b");
  store.Publish(first);
  store.Publish(other);
  EXPECT_EQ(store.Get("a"), first);
  store.Publish(second);
  EXPECT_EQ(store.Get("a"), second);
  EXPECT_EQ(first.use_count(), 1) << "the old one is not kept";
  EXPECT_EQ(store.Get("b"), other);
}

}  // namespace
}  // namespace bullmq_exporter
