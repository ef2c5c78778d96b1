#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// Which queues of a target are ours: asked by discovery, the poll and the API alike. Immutable, so
// any thread may ask. Knows the target's prefixes too, for a key can fit several of them (`bull`
// and `bull:x`): the longest that fits wins.
class QueueFilter {
 public:
  QueueFilter(std::vector<std::string> prefixes, const QueuesConfig& queues);

  // A configured name, or one that `include` has and `exclude` has not.
  [[nodiscard]] bool Accepts(const QueueId& queue) const;
  [[nodiscard]] bool IsStatic(const QueueId& queue) const;

  // The configured names in their order.
  [[nodiscard]] const std::vector<QueueId>& static_queues() const { return static_queues_; }
  [[nodiscard]] const std::vector<std::string>& prefixes() const { return prefixes_; }

  // The queue of a key that ends in :meta, :id or :events, by the longest prefix that fits.
  [[nodiscard]] std::optional<QueueId> QueueOfKey(std::string_view key) const;
  // False where a longer prefix claims the queue's keys: `bull:x` those of queue `x:q` under
  // `bull`.
  [[nodiscard]] bool HasLongestPrefix(const QueueId& queue) const;

 private:
  std::vector<std::string> prefixes_;
  std::vector<QueueId> static_queues_;
  std::vector<std::string> include_;
  std::vector<std::string> exclude_;
};

}  // namespace bullmq_exporter
