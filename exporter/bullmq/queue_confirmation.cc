#include "exporter/bullmq/queue_confirmation.h"

#include <algorithm>
#include <string>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {

std::size_t AddQueueConfirmation(Pipeline& pipeline, const QueueId& queue) {
  // The lengths of fields, since a field may be of any size.
  const std::string meta = queue_keys::Meta(queue);
  const std::size_t first = pipeline.Add(Route::kKey, {"HSTRLEN", meta, "version"});
  pipeline.Add(Route::kKey, {"HSTRLEN", meta, "opts.maxLenEvents"});
  pipeline.Add(Route::kKey, {"TYPE", queue_keys::Events(queue)});
  pipeline.Add(Route::kKey, {"TYPE", queue_keys::Id(queue)});
  for (const JobState state : kJobStates) {
    pipeline.Add(Route::kKey, {"TYPE", queue_keys::State(queue, state)});
  }
  return first;
}

bool IsConfirmedQueue(const Replies& replies, std::size_t first) {
  if (replies[first].integer > 0 || replies[first + 1].integer > 0) return true;
  if (replies[first + 2].text == "stream") return true;
  if (replies[first + 3].text != "string") return false;
  return std::ranges::any_of(kJobStates, [&](JobState state) {
    return replies[first + 4 + Index(state)].text == (queue_keys::IsList(state) ? "list" : "zset");
  });
}

}  // namespace bullmq_exporter
