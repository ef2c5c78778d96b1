#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/bullmq/job_reader.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/inspect/inspection_error.h"
#include "exporter/inspect/inspection_result.h"
#include "exporter/inspect/shared_answers.h"
#include "exporter/model/snapshot.h"

// What the inspections (queue_list, job_list) have in common: whom they ask, what they answer.
namespace bullmq_exporter {

// Which targets and prefixes are asked: names as configured; empty: all.
struct QueueSelection {
  std::optional<std::string> redis = {};
  std::optional<std::string> prefix = {};
};

// Whether the one who asks may see a queue or, without one, any queue there; null: every queue.
// Must be callable during the inspection.
using QueueVisibility = std::function<bool(std::string_view target, std::string_view prefix,
                                           std::optional<std::string_view> queue)>;

// One target as inspections see it. What is pointed to must outlive the inspections.
struct InspectedTarget {
  std::string name;                     // in the configuration: the label `redis`
  const QueueFilter* filter = nullptr;  // has its prefixes and static queues too
  bool discovery = true;                // queues beyond the static ones are looked for
  const JobReader* reader = nullptr;
  // The newest snapshot of this target, null before its first poll has ended. Thread-safe.
  std::function<std::shared_ptr<const Snapshot>()> snapshot;
  // Shared by all copies.
  std::shared_ptr<SharedAnswers> answers = std::make_shared<SharedAnswers>();
};

// All targets, in the order of the configuration.
using InspectedTargets = std::vector<InspectedTarget>;

}  // namespace bullmq_exporter
