#include "exporter/poll/server_poller.h"

#include <utility>

#include "exporter/bullmq/server_reader.h"

namespace bullmq_exporter {
namespace {

constexpr auto kInfoInterval = std::chrono::seconds(30);
constexpr auto kWorkersInterval = std::chrono::seconds(30);

}  // namespace

ServerPoller::ServerPoller(std::string target, const QueueFilter& filter, Discovery& discovery,
                           const Logger& logger)
    : target_(std::move(target)), filter_(filter), discovery_(discovery), logger_(logger) {}

Result<void> ServerPoller::Read(RedisClient& client, const ExchangeLimits& limits) {
  const auto now = SteadyClock::now();
  const ServerQuestions questions{.info = now >= next_info_, .workers = now >= next_workers_};
  auto answers = ReadServer(client, limits, questions, filter_);
  if (!answers) return Fail(answers.error());
  Note("TIME", answers->now_ms, time_supported_);
  now_ms_ = answers->now_ms ? *answers->now_ms : NowMs();
  if (answers->info) {
    TakeInfo(std::move(*answers->info));
    next_info_ = now + kInfoInterval;
  }
  if (answers->workers) {
    TakeWorkers(std::move(*answers->workers));
    next_workers_ = now + kWorkersInterval;
  }
  return {};
}

std::optional<std::int64_t> ServerPoller::WorkersOf(const QueueId& queue) const {
  if (!workers_supported_.value_or(false)) return std::nullopt;
  const auto found = workers_.find(queue);
  return found == workers_.end() ? 0 : found->second;
}

void ServerPoller::TakeInfo(Result<std::vector<ServerInfo>> info) {
  Note("INFO", info, info_supported_);
  servers_ = info ? std::move(*info) : std::vector<ServerInfo>();
}

void ServerPoller::TakeWorkers(Result<WorkerCounts> workers) {
  Note("CLIENT LIST", workers, workers_supported_);
  workers_ = workers ? std::move(*workers) : WorkerCounts();
  std::vector<QueueId> queues;
  for (const auto& [queue, count] : workers_) queues.push_back(queue);
  discovery_.Offer(queues);
}

template <typename T>
void ServerPoller::Note(std::string_view command, const Result<T>& answer,
                        std::optional<bool>& supported) const {
  const bool was_supported = supported.value_or(true);
  if (!answer && was_supported) {
    logger_.Warn("command cannot be used on this server",
                 {{"redis", target_}, {"command", command}, {"error", answer.error().message}});
  } else if (answer && !was_supported) {
    logger_.Info("command can be used again", {{"redis", target_}, {"command", command}});
  }
  supported = answer.has_value();
}

}  // namespace bullmq_exporter
