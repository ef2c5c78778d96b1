#include "exporter/bullmq/queue_confirmation.h"

#include <algorithm>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {

std::size_t AddQueueConfirmation(Pipeline& pipeline, const QueueId& queue) {
  const std::size_t first =
      pipeline.Add(Route::kKey, {"HMGET", queue_keys::Meta(queue), "version", "opts.maxLenEvents"});
  pipeline.Add(Route::kKey, {"TYPE", queue_keys::Events(queue)});
  pipeline.Add(Route::kKey, {"TYPE", queue_keys::Id(queue)});
  for (const JobState state : kJobStates) {
    pipeline.Add(Route::kKey, {"TYPE", queue_keys::State(queue, state)});
  }
  return first;
}

bool IsConfirmedQueue(const Replies& replies, std::size_t first) {
  const Reply& meta = replies[first];
  const bool meta_tells =
      std::ranges::any_of(meta.elements, [](const Reply& field) { return field.is_string(); });
  if (meta_tells || replies[first + 1].text == "stream") return true;
  if (replies[first + 2].text != "string") return false;
  return std::ranges::any_of(kJobStates, [&](JobState state) {
    return replies[first + 3 + Index(state)].text == (queue_keys::IsList(state) ? "list" : "zset");
  });
}

}  // namespace bullmq_exporter
