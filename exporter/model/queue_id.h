#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>

namespace bullmq_exporter {

// A queue within one Redis target. Both parts are raw bytes as they stand in Redis: they may hold
// any byte, UTF-8 or not; a prefix may hold ':' and '{}', a name of BullMQ 4 or older may hold ':'.
struct QueueId {
  std::string prefix;
  std::string name;

  friend auto operator<=>(const QueueId&, const QueueId&) = default;
};

struct QueueIdHash {
  std::size_t operator()(const QueueId& id) const noexcept {
    return std::hash<std::string>()(id.prefix) * 31 + std::hash<std::string>()(id.name);
  }
};

}  // namespace bullmq_exporter
