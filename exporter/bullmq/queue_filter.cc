#include "exporter/bullmq/queue_filter.h"

#include <algorithm>
#include <utility>

#include "exporter/base/glob.h"
#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

bool AnyMatches(const std::vector<std::string>& globs, std::string_view name) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return GlobMatch(glob, name); });
}

}  // namespace

QueueFilter::QueueFilter(std::vector<std::string> prefixes, const QueuesConfig& queues)
    : prefixes_(std::move(prefixes)), include_(queues.include), exclude_(queues.exclude) {
  for (const StaticQueue& queue : queues.static_queues) {
    static_queues_.push_back({queue.prefix, queue.name});
  }
}

bool QueueFilter::Accepts(const QueueId& queue) const {
  if (IsStatic(queue)) return true;
  return AnyMatches(include_, queue.name) && !AnyMatches(exclude_, queue.name);
}

bool QueueFilter::IsStatic(const QueueId& queue) const {
  return std::find(static_queues_.begin(), static_queues_.end(), queue) != static_queues_.end();
}

std::optional<QueueId> QueueFilter::QueueOfKey(std::string_view key) const {
  std::optional<QueueId> best;
  for (const std::string& prefix : prefixes_) {
    if (best && best->prefix.size() >= prefix.size()) continue;
    if (auto queue = queue_keys::QueueOfKey(key, prefix)) best = std::move(queue);
  }
  return best;
}

bool QueueFilter::HasLongestPrefix(const QueueId& queue) const {
  const std::string key = queue_keys::Id(queue);
  const auto found = QueueOfKey(key);
  return !found || found->prefix == queue.prefix;
}

}  // namespace bullmq_exporter
