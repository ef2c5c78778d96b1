#pragma once

#include <cstdint>

#include "exporter/redis/redis_client.h"

namespace bullmq_exporter {

// What every reader of a poll needs.
struct ReadContext {
  RedisClient& client;
  ExchangeLimits limits;          // of the whole poll
  std::int64_t server_now_ms;     // the server's TIME at the beginning of the poll
  bool server_tells_time = true;  // false: that is the time of this machine
};

}  // namespace bullmq_exporter
