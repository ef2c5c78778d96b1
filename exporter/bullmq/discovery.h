#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/bullmq/queue_filter.h"
#include "exporter/bullmq/queue_set.h"
#include "exporter/config/config.h"
#include "exporter/redis/redis_client.h"

namespace bullmq_exporter {

// Finds the queues of one target and puts them into its QueueSet. Besides the configured names it
// has two sources: the names of connections (Offer, from CLIENT LIST), which give each queue with a
// live worker for the price of one command; and a SCAN over all keys, for the rest. A name from
// either is confirmed by its keys before it is a queue.
//
// The SCAN is incremental: one call a Step, sized so that the server is not held for longer than
// about a millisecond, with pauses of nine times what it took. A pass begins each
// `discovery.interval`, or after 200 times what the calls of the last one took where that is
// longer: with millions of keys. Not thread-safe: it belongs to the target's thread.
class Discovery {
 public:
  // `filter` and `queues` must outlive it.
  Discovery(const DiscoveryConfig& config, const QueueFilter& filter, QueueSet& queues);

  // Names that may be queues: asked of Redis in the next Step.
  void Offer(const std::vector<QueueId>& candidates);

  // When the next Step has something to do; the far future where discovery is off and nothing was
  // offered.
  [[nodiscard]] SteadyClock::time_point NextStep() const;

  // Whether a pass rests between its calls, or is in a hurry: at start, for a moment.
  enum class Pace { kSteady, kHurried };

  // Asks about what was offered, then does one SCAN of the running pass, or begins one that is due.
  // After an error the pass goes on from where it was.
  [[nodiscard]] Result<void> Step(RedisClient& client, const ExchangeLimits& limits,
                                  Pace pace = Pace::kSteady);

  // Whether the keys have been walked once from end to end, or are not to be walked at all.
  [[nodiscard]] bool first_pass_done() const { return !config_.enabled || last_pass_.has_value(); }
  // Length of the last full pass, pauses included; empty before the first ended.
  [[nodiscard]] std::optional<double> last_pass_seconds() const { return last_pass_; }
  // Queues that were found and are not ours by include and exclude, in the last full pass.
  [[nodiscard]] std::int64_t ignored() const { return ignored_; }
  // Queues that were found and for which `discovery.max_queues` left no room, likewise.
  [[nodiscard]] std::int64_t capped() const { return capped_; }

 private:
  [[nodiscard]] Result<void> ConfirmOffered(RedisClient& client, const ExchangeLimits& limits);
  [[nodiscard]] Result<void> Scan(RedisClient& client, const ExchangeLimits& limits);
  void EndPass();

  const DiscoveryConfig config_;
  const QueueFilter& filter_;
  QueueSet& queues_;
  const std::string pattern_;

  std::set<QueueId> offered_;
  std::optional<SteadyClock::time_point> pass_began_;  // set while a pass runs
  SteadyClock::duration pass_spent_{};                 // in the calls of the pass
  SteadyClock::time_point next_scan_;
  std::string cursor_ = "0";
  std::size_t scan_count_;
  // What the running pass found that is not in the set: each is counted once however many keys it
  // has.
  std::unordered_set<QueueId, QueueIdHash> ignored_now_;
  std::unordered_set<QueueId, QueueIdHash> capped_now_;
  std::int64_t ignored_ = 0;
  std::int64_t capped_ = 0;
  std::optional<double> last_pass_;
};

}  // namespace bullmq_exporter
