#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/bullmq/discovery.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/bullmq/queue_set.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/config/config.h"
#include "exporter/instruments/poll_instruments.h"
#include "exporter/model/snapshot.h"
#include "exporter/poll/failure_poller.h"
#include "exporter/poll/queue_record.h"
#include "exporter/poll/server_poller.h"

namespace bullmq_exporter {

struct PollerSettings {
  std::string target;
  PollConfig poll;
  FailuresConfig failures;
  Duration forget_after = Duration(0);  // discovery.forget_after
  std::size_t names_per_queue = MetricsConfig().names_per_queue;
};

// Reads all queues of one target and makes its snapshot. Counts and the ends of sets are read in
// each poll; settings, totals and schedulers each `poll.slow_interval`, spread over the polls;
// CLIENT LIST and INFO each 30 s. Not thread-safe: it belongs to the target's thread.
class Poller {
 public:
  // All references must outlive it.
  Poller(PollerSettings settings, const QueueFilter& filter, QueueSet& queues, Discovery& discovery,
         PollInstruments& instruments, const Logger& logger);

  // Asks the server for its time and, when due, INFO and CLIENT LIST, and offers the queues of
  // connected workers to discovery. Poll does it too; called before the first poll it lets
  // discovery find those queues at once.
  [[nodiscard]] Result<void> ReadServer(RedisClient& client);

  // One poll, within `poll.timeout`. Never fails: a target that cannot be read is a snapshot that
  // says so. Counts and logs the cause.
  [[nodiscard]] std::shared_ptr<const Snapshot> Poll(RedisClient& client);

 private:
  using Records = std::vector<QueueRecord*>;

  [[nodiscard]] ExchangeLimits LimitsFromNow() const;
  void SyncRecords();

  [[nodiscard]] Result<void> ReadAll(const ReadContext& context, Snapshot& snapshot);
  [[nodiscard]] Result<void> ReadChunk(const ReadContext& context, std::span<QueueRecord*> records,
                                       std::span<QueueSnapshot> snapshots);
  [[nodiscard]] Result<void> TryChunk(const ReadContext& context, std::span<QueueRecord*> records,
                                      std::span<QueueSnapshot> snapshots);
  void NoteQueueError(QueueRecord& record, const std::optional<Error>& error);
  void NoteGone(QueueRecord& record, const QueueSnapshot& snapshot);
  void Complete(const QueueRecord& record, QueueSnapshot& snapshot) const;
  void NoteTarget(const Snapshot& snapshot, std::string_view address);

  const PollerSettings settings_;
  const QueueFilter& filter_;
  QueueSet& queues_;
  Discovery& discovery_;
  PollInstruments& instruments_;
  const Logger& logger_;

  ServerPoller server_;
  FailurePoller failures_;
  std::unordered_map<QueueId, std::unique_ptr<QueueRecord>, QueueIdHash> records_;
  Records ordered_;  // of records_, as QueueSet orders them
  std::optional<std::uint64_t> queues_version_;
  std::size_t forbidden_queues_ = 0;      // of the running poll
  std::optional<Error> forbidden_error_;  // of one of them

  std::optional<bool> was_up_;
  bool warned_of_no_queues_ = false;
  std::optional<double> last_success_seconds_;
};

}  // namespace bullmq_exporter
