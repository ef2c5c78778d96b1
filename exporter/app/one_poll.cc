#include "exporter/app/one_poll.h"

namespace bullmq_exporter {

OnePoll::OnePoll(const Config& config, const Logger& logger) {
  for (const TargetConfig& target : config.targets) {
    targets_.push_back(std::make_unique<Target>(target, config, instruments_, logger,
                                                [](const std::shared_ptr<const Snapshot>&) {}));
    discoveries_.push_back(targets_.back()->DiscoverAll());
    snapshots_.push_back(targets_.back()->PollOnce());
    store_.Publish(snapshots_.back());
  }
}

InspectedTargets OnePoll::Inspected() const {
  InspectedTargets inspected;
  for (const auto& target : targets_) inspected.push_back(target->Inspected(store_));
  return inspected;
}

}  // namespace bullmq_exporter
