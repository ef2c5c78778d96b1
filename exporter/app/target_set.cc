#include "exporter/app/target_set.h"

#include <algorithm>
#include <utility>

namespace bullmq_exporter {

TargetSet::TargetSet(const Config& config, Instruments& instruments, SnapshotStore& snapshots,
                     Exposition& exposition, const Logger& logger)
    : snapshots_(snapshots) {
  for (const TargetConfig& target : config.targets) {
    targets_.push_back(std::make_unique<Target>(
        target, config, instruments, logger,
        [&snapshots, &exposition](std::shared_ptr<const Snapshot> snapshot) {
          exposition.Update(snapshot);
          snapshots.Publish(std::move(snapshot));
        }));
  }
}

void TargetSet::Start() {
  for (const auto& target : targets_) target->Start();
}

void TargetSet::RequestStop() {
  for (const auto& target : targets_) target->RequestStop();
}

void TargetSet::Join() {
  for (const auto& target : targets_) target->Join();
}

bool TargetSet::AllPolled() const {
  return std::all_of(targets_.begin(), targets_.end(), [this](const auto& target) {
    return snapshots_.Get(target->name()) != nullptr;
  });
}

}  // namespace bullmq_exporter
