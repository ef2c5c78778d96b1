#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "exporter/bullmq/queue_filter.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// The queues of one target that are known: the configured ones, and those that discovery confirmed
// and the poll has not given up since. Not thread-safe: it belongs to the target's thread.
class QueueSet {
 public:
  // `max_queues` bounds the discovered ones together with the configured ones, which always fit.
  // `filter` must outlive the set.
  QueueSet(const QueueFilter& filter, std::size_t max_queues);

  // Adds a confirmed queue. False where it is known already or there is no room.
  bool Add(const QueueId& queue);
  // Removes a queue whose keys are gone; configured ones stay.
  void Remove(const QueueId& queue);
  [[nodiscard]] bool Contains(const QueueId& queue) const { return known_.contains(queue); }

  // Configured ones first, in their order, then the others by prefix and name.
  [[nodiscard]] const std::vector<QueueId>& queues() const { return ordered_; }
  // Changes with each Add and Remove that had an effect.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  [[nodiscard]] bool full() const { return known_.size() >= max_queues_; }

 private:
  const QueueFilter& filter_;
  std::size_t max_queues_;
  std::vector<QueueId> ordered_;
  std::unordered_set<QueueId, QueueIdHash> known_;
  std::uint64_t version_ = 0;
};

}  // namespace bullmq_exporter
