#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/model/snapshot.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Reads INFO, which managed servers allow where they forbid CONFIG.

// Appends the question; returns its index.
std::size_t AddServerInfoQuestion(Pipeline& pipeline);

// What each node says of itself. `address` is the label `server` of a single server. Fails where
// the command is forbidden or the answer is none (kNoPermission, kOther).
[[nodiscard]] Result<std::vector<ServerInfo>> ReadServerInfo(const Replies& replies,
                                                             std::size_t index,
                                                             const std::string& address);

}  // namespace bullmq_exporter
