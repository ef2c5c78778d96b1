#pragma once

#include <chrono>
#include <cstdint>

namespace bullmq_exporter {

// For deadlines and durations: never set back.
using SteadyClock = std::chrono::steady_clock;

// Wall clock of this machine in milliseconds since 1970, the unit of every time in BullMQ's keys.
// What is compared with such a key is rather compared with the server's TIME.
[[nodiscard]] inline std::int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace bullmq_exporter
