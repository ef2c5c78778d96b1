#include "exporter/bullmq/queue_set.h"

#include <algorithm>

namespace bullmq_exporter {

QueueSet::QueueSet(const QueueFilter& filter, std::size_t max_queues)
    : filter_(filter), max_queues_(max_queues) {
  for (const QueueId& queue : filter.static_queues()) {
    if (known_.insert(queue).second) ordered_.push_back(queue);
  }
}

bool QueueSet::Add(const QueueId& queue) {
  if (full() || !known_.insert(queue).second) return false;
  const auto discovered =
      ordered_.begin() + static_cast<std::ptrdiff_t>(filter_.static_queues().size());
  ordered_.insert(std::lower_bound(discovered, ordered_.end(), queue), queue);
  ++version_;
  return true;
}

void QueueSet::Remove(const QueueId& queue) {
  if (filter_.IsStatic(queue) || known_.erase(queue) == 0) return;
  ordered_.erase(std::find(ordered_.begin(), ordered_.end(), queue));
  ++version_;
}

}  // namespace bullmq_exporter
