#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/bullmq/worker_reader.h"
#include "exporter/model/snapshot.h"
#include "exporter/redis/redis_client.h"

namespace bullmq_exporter {

// What a poll asks of the server itself, beside its TIME.
struct ServerQuestions {
  bool info = false;     // INFO
  bool workers = false;  // CLIENT LIST
};

struct ServerAnswers {
  // Each fails alone, where the server forbids its command.
  Result<std::int64_t> now_ms = 0;  // TIME
  // Only where asked.
  std::optional<Result<std::vector<ServerInfo>>> info;
  std::optional<Result<WorkerCounts>> workers;
};

// Asks in one exchange. Fails as a whole only where the server could not be read.
[[nodiscard]] Result<ServerAnswers> ReadServer(RedisClient& client, const ExchangeLimits& limits,
                                               const ServerQuestions& questions,
                                               const QueueFilter& filter);

}  // namespace bullmq_exporter
