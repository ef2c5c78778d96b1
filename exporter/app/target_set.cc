#include "exporter/app/target_set.h"

#include <algorithm>
#include <utility>

namespace bullmq_exporter {

void TargetSet::Start(const Config& config) {
  for (const TargetConfig& target : config.targets) {
    targets_.push_back(std::make_unique<Target>(target, config, instruments_, logger_,
                                                [this](std::shared_ptr<const Snapshot> snapshot) {
                                                  exposition_.Update(snapshot);
                                                  snapshots_.Publish(std::move(snapshot));
                                                }));
  }
  for (const auto& target : targets_) target->Start();
}

void TargetSet::Stop() {
  for (const auto& target : targets_) target->RequestStop();
  targets_.clear();
}

bool TargetSet::AllPolled() const {
  return std::all_of(targets_.begin(), targets_.end(), [this](const auto& target) {
    return snapshots_.Get(target->name()) != nullptr;
  });
}

}  // namespace bullmq_exporter
