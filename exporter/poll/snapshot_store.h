#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// The newest snapshot of each target. Thread-safe; readers share what they are given and never wait
// for a poll.
class SnapshotStore {
 public:
  void Publish(std::shared_ptr<const Snapshot> snapshot);
  // Null before the target's first poll has ended.
  [[nodiscard]] std::shared_ptr<const Snapshot> Get(std::string_view target) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Snapshot>, std::less<>> snapshots_;
};

}  // namespace bullmq_exporter
