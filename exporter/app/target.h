#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/bullmq/discovery.h"
#include "exporter/bullmq/job_reader.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/bullmq/queue_set.h"
#include "exporter/config/config.h"
#include "exporter/inspect/inspection.h"
#include "exporter/instruments/registry.h"
#include "exporter/model/snapshot.h"
#include "exporter/poll/poller.h"
#include "exporter/poll/snapshot_store.h"
#include "exporter/redis/client_pool.h"
#include "exporter/redis/redis_client.h"

namespace bullmq_exporter {

// One Redis with what reads it: discovery and poller, on a thread and two connections of its own,
// and the reader that answers the API, on a few more.
class Target {
 public:
  using Publish = std::function<void(std::shared_ptr<const Snapshot>)>;

  // `publish` is called on the target's thread after each poll. `instruments` and `logger` must
  // outlive the target.
  Target(const TargetConfig& target, const Config& config, Instruments& instruments,
         const Logger& logger, Publish publish);
  ~Target();  // stops

  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // Begins to poll. The first poll comes after a moment of discovery, so that it has the queues
  // that are quickly found.
  void Start();
  // Asks the thread to end and the exchanges with Redis that are under way to give up, those of the
  // API too, without waiting for it. Thread-safe.
  void RequestStop() { stop_.request_stop(); }
  // Waits until the thread has ended.
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  // For the command line, without a thread; not together with Start. A full pass of discovery,
  // which has the time of ten polls: fails where it could not find all queues. And one poll of what
  // was found.
  [[nodiscard]] Result<void> DiscoverAll();
  [[nodiscard]] std::shared_ptr<const Snapshot> PollOnce();

  [[nodiscard]] const std::string& name() const { return name_; }

  // What the API asks of this target; `snapshots` must outlive it, and this the answer.
  [[nodiscard]] InspectedTarget Inspected(const SnapshotStore& snapshots) const;

 private:
  void Run();
  // Until a full pass has ended or the time is over.
  [[nodiscard]] Result<void> DiscoverWithin(Duration time, Duration step_timeout);
  void DiscoverStep();
  void PollNow();
  void WaitUntil(SteadyClock::time_point time);

  const PollConfig poll_config_;
  const bool discovery_enabled_;
  const std::string name_;
  const Logger& logger_;
  const Publish publish_;
  std::stop_source stop_;
  const QueueFilter filter_;
  QueueSet queues_;
  Discovery discovery_;
  Poller poller_;
  std::unique_ptr<RedisClient> poll_client_;
  std::unique_ptr<RedisClient> discovery_client_;
  ClientPool api_clients_;
  const JobReader job_reader_;

  bool up_ = false;
  bool discovery_failing_ = false;
  SteadyClock::time_point next_poll_;
  SteadyClock::time_point next_discovery_;
  SteadyClock::time_point last_poll_began_;
  std::uint64_t polled_version_ = 0;

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::thread thread_;
};

}  // namespace bullmq_exporter
