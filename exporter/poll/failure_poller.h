#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "exporter/base/error.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/config/config.h"
#include "exporter/failures/failure_budget.h"
#include "exporter/failures/failure_window.h"
#include "exporter/model/queue_id.h"
#include "exporter/model/queue_snapshot.h"
#include "exporter/poll/queue_record.h"

namespace bullmq_exporter {

// Keeps the recent failures of one target's queues: owns their windows and reads the `failed` sets
// into them. Not thread-safe: it belongs to the target's thread.
class FailurePoller {
 public:
  // `names_per_queue`: metrics.names_per_queue.
  FailurePoller(const FailuresConfig& config, std::size_t names_per_queue)
      : config_(config), names_per_queue_(names_per_queue) {}

  // To be called once a poll, before Read, with the server's TIME.
  void BeginPoll(std::int64_t server_now_ms);

  // Reads what failed since the last poll in those queues that are up, and puts the windows into
  // their snapshots, which are in step with the records. Of a queue at most 5,000 new failures a
  // poll are read, of a target 20,000; what is beyond is left for the next poll, or counted as
  // skipped once it can no longer be read. Fails as a whole only where the server could not be
  // read.
  [[nodiscard]] Result<void> Read(const ReadContext& context, std::span<QueueRecord* const> records,
                                  std::span<QueueSnapshot> snapshots);

  // Drops what is kept of a queue that was given up.
  void Forget(const QueueId& queue) { windows_.erase(queue); }

  // How many job names, reason classes and (name, reason) pairs the caps hold back now.
  [[nodiscard]] CappedCounts capped() const { return budget_ ? budget_->Capped() : CappedCounts(); }

 private:
  struct Window {
    explicit Window(FailureBudget& budget) : failures(budget) {}
    FailureWindow failures;
    bool read_before = false;
  };
  struct Reading;

  [[nodiscard]] Result<void> EndReads(const ReadContext& context, Reading& reading);

  const FailuresConfig config_;
  const std::size_t names_per_queue_;
  std::optional<FailureBudget> budget_;  // since the first poll
  std::unordered_map<QueueId, Window, QueueIdHash> windows_;
  std::size_t room_ = 0;  // how many more failures this poll may read
};

}  // namespace bullmq_exporter
