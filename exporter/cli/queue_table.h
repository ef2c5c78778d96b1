#pragma once

#include <memory>
#include <span>
#include <string>

#include "exporter/config/config.h"
#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// The snapshots of all targets as `queues` prints them: a line a queue, with its jobs by state and
// its workers (`-` where a number could not be read); a column for the Redis and one for the prefix
// where the configuration has several. A target that could not be read has no lines.
[[nodiscard]] std::string QueueTable(const Config& config,
                                     std::span<const std::shared_ptr<const Snapshot>> snapshots);

}  // namespace bullmq_exporter
