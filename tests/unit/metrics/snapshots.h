#pragma once

#include <memory>
#include <string>

#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// A queue that has a value for each field.
[[nodiscard]] QueueSnapshot FullQueue(std::string name);

// A target that is up, with one such queue and a value for each field.
[[nodiscard]] Snapshot FullSnapshot(std::string target, std::string queue = "emails");

// A target that is up and holds one queue.
[[nodiscard]] Snapshot SnapshotOf(std::string target, QueueSnapshot queue);

}  // namespace bullmq_exporter
