#pragma once

#include <memory>
#include <vector>

#include "exporter/app/target.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"
#include "exporter/instruments/registry.h"
#include "exporter/metrics/exposition.h"
#include "exporter/poll/snapshot_store.h"

namespace bullmq_exporter {

// All targets of a configuration. What they publish goes to the store and to the exposition.
class TargetSet {
 public:
  // Makes the targets of a valid configuration. All references but `config` must outlive the set.
  TargetSet(const Config& config, Instruments& instruments, SnapshotStore& snapshots,
            Exposition& exposition, const Logger& logger);

  // Begins to poll them.
  void Start();
  // Asks all of them to end, without waiting for it.
  void RequestStop();
  // Waits for all of them.
  void Join();

  // The first poll of every target has ended, well or badly. Thread-safe.
  [[nodiscard]] bool AllPolled() const;

  [[nodiscard]] const std::vector<std::unique_ptr<Target>>& targets() const { return targets_; }

 private:
  const SnapshotStore& snapshots_;
  std::vector<std::unique_ptr<Target>> targets_;
};

}  // namespace bullmq_exporter
