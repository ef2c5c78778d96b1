#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/bullmq/discovery.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/bullmq/worker_reader.h"
#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// What a poll asks of the server itself: TIME each time, INFO and CLIENT LIST each 30 s. A command
// that the server does not answer is logged once, and once more when it answers it again. Not
// thread-safe: it belongs to the target's thread.
class ServerPoller {
 public:
  // `filter`, `discovery` and `logger` must outlive it.
  ServerPoller(std::string target, const QueueFilter& filter, Discovery& discovery,
               const Logger& logger);

  // Asks for what is due, and offers the queues of connected workers to discovery. Fails only where
  // the server could not be read.
  [[nodiscard]] Result<void> Read(RedisClient& client, const ExchangeLimits& limits);

  // The server's TIME at the last Read; that of this machine where the server does not tell it.
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  [[nodiscard]] bool tells_time() const { return time_supported_.value_or(false); }
  [[nodiscard]] const std::vector<ServerInfo>& servers() const { return servers_; }
  // Connections of the queue's workers; empty where the server does not tell them.
  [[nodiscard]] std::optional<std::int64_t> WorkersOf(const QueueId& queue) const;

  // Whether the server answers INFO and CLIENT LIST; empty before the first Read.
  [[nodiscard]] std::optional<bool> info_supported() const { return info_supported_; }
  [[nodiscard]] std::optional<bool> workers_supported() const { return workers_supported_; }

 private:
  void TakeInfo(Result<std::vector<ServerInfo>> info);
  void TakeWorkers(Result<WorkerCounts> workers);
  template <typename T>
  void Note(std::string_view command, const Result<T>& answer,
            std::optional<bool>& supported) const;

  const std::string target_;
  const QueueFilter& filter_;
  Discovery& discovery_;
  const Logger& logger_;

  std::int64_t now_ms_ = 0;
  std::vector<ServerInfo> servers_;
  WorkerCounts workers_;
  SteadyClock::time_point next_info_;
  SteadyClock::time_point next_workers_;
  std::optional<bool> time_supported_;
  std::optional<bool> info_supported_;
  std::optional<bool> workers_supported_;
};

}  // namespace bullmq_exporter
