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
  // All references must outlive it.
  TargetSet(Instruments& instruments, SnapshotStore& snapshots, Exposition& exposition,
            const Logger& logger)
      : instruments_(instruments),
        snapshots_(snapshots),
        exposition_(exposition),
        logger_(logger) {}

  // Makes the targets of a valid configuration and starts them.
  void Start(const Config& config);
  // Stops all at once and waits for them.
  void Stop();

  // The first poll of every target has ended, well or badly. Thread-safe after Start.
  [[nodiscard]] bool AllPolled() const;

  [[nodiscard]] const std::vector<std::unique_ptr<Target>>& targets() const { return targets_; }

 private:
  Instruments& instruments_;
  SnapshotStore& snapshots_;
  Exposition& exposition_;
  const Logger& logger_;
  std::vector<std::unique_ptr<Target>> targets_;
};

}  // namespace bullmq_exporter
