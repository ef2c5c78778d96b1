#pragma once

#include <optional>
#include <span>

#include "exporter/base/error.h"
#include "exporter/bullmq/known_queue.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/model/queue_snapshot.h"

namespace bullmq_exporter {

// One queue of a chunk: what to read, and where to.
struct QueueToRead {
  QueueSnapshot* snapshot;  // `id` is set; receives `up`, `jobs` and the times
  KnownQueue* known;
  std::optional<Error> error;  // set where a state key is unreadable; the snapshot is then not up
};

// Reads counts, ends, dues and ages of a chunk of queues: the counts (LLEN, ZCARD), then what is
// not empty, then the hashes of jobs that were not at that end in the last poll. Of a queue that is
// known the first pipeline asks for the sets that had something, count and ends side by side, which
// costs the server one cold look-up of the key instead of two, and a short list whole; of the
// others only whether any exists (EXISTS). What that leaves open is asked in further pipelines:
// five in all at most, each command O(1) or O(log n). Of a queue that is settled (KnownQueue) the
// first pipeline asks for the lengths and for what may change without them. Fails as a whole only
// where the server could not be read.
//
// The meanings are those of BullMQ's getCounts-1.lua; the script itself is never called, for it
// removes markers. Stateless; thread-safe on distinct chunks.
[[nodiscard]] Result<void> ReadQueues(const ReadContext& context, std::span<QueueToRead> queues);

}  // namespace bullmq_exporter
