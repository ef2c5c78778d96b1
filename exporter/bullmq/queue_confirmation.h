#pragma once

#include <cstddef>

#include "exporter/model/queue_id.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Whether a name is a queue: one key does not tell, for `P:Q:de:x:id` is a string that
// deduplicates, `P:Q:repeat:foo:meta` a scheduler and `P:Q:a:b:meta` may be a job. A queue has a
// `meta` hash with `version` or `opts.maxLenEvents`, or an `events` stream, or `id` together with a
// state key of the right type.

// Appends the questions about one name; returns the index of the first.
std::size_t AddQueueConfirmation(Pipeline& pipeline, const QueueId& queue);

// The answer, from the replies that begin at the index AddQueueConfirmation returned. Keys that may
// not be read (NOPERM) confirm nothing.
[[nodiscard]] bool IsConfirmedQueue(const Replies& replies, std::size_t first);

}  // namespace bullmq_exporter
