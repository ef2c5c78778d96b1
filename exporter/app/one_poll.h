#pragma once

#include <memory>
#include <vector>

#include "exporter/app/target.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"
#include "exporter/inspect/inspection.h"
#include "exporter/instruments/registry.h"
#include "exporter/model/snapshot.h"
#include "exporter/poll/snapshot_store.h"

namespace bullmq_exporter {

// All targets of a configuration, read once and without threads: for the command line. Not
// thread-safe.
class OnePoll {
 public:
  // Looks for the queues of each target and polls them; what cannot be read shows in the results.
  // Both references must outlive it.
  OnePoll(const Config& config, const Logger& logger);

  // Of each target, in the order of the configuration.
  [[nodiscard]] const std::vector<std::shared_ptr<const Snapshot>>& snapshots() const {
    return snapshots_;
  }
  // Likewise: whether all its queues were found.
  [[nodiscard]] const std::vector<Result<void>>& discoveries() const { return discoveries_; }
  // For inspections, which must end before this does.
  [[nodiscard]] InspectedTargets Inspected() const;

 private:
  Instruments instruments_;
  SnapshotStore store_;
  std::vector<std::unique_ptr<Target>> targets_;
  std::vector<Result<void>> discoveries_;
  std::vector<std::shared_ptr<const Snapshot>> snapshots_;
};

}  // namespace bullmq_exporter
