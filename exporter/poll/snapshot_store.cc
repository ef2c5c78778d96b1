#include "exporter/poll/snapshot_store.h"

#include <utility>

namespace bullmq_exporter {

void SnapshotStore::Publish(std::shared_ptr<const Snapshot> snapshot) {
  // Swapped, so that the old one is freed by the caller's argument and not under the lock.
  const std::string target = snapshot->target;
  const std::lock_guard lock(mutex_);
  snapshots_[target].swap(snapshot);
}

std::shared_ptr<const Snapshot> SnapshotStore::Get(std::string_view target) const {
  const std::lock_guard lock(mutex_);
  const auto found = snapshots_.find(target);
  return found == snapshots_.end() ? nullptr : found->second;
}

}  // namespace bullmq_exporter
