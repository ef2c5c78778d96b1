#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "exporter/base/error.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// What changes seldom in a queue. An empty optional could not be read (wrong type, forbidden) or is
// not there, which is the same to those who look at it.
struct QueueDetails {
  bool exists = false;  // one of meta, id, events, repeat is there
  std::optional<bool> paused;
  std::optional<std::int64_t> concurrency_limit;
  std::optional<bool> rate_limited;
  std::optional<std::int64_t> job_ids;             // as Redis says it: may fall
  std::optional<std::int64_t> finished_completed;  // the same
  std::optional<std::int64_t> finished_failed;     // the same
  std::optional<std::string> version;              // empty text: `meta` is readable and has none
  std::optional<std::int64_t> schedulers;
};

struct QueueDetailsToRead {
  const QueueId* id;
  QueueDetails* details;
};

// Reads meta, meta-paused, limiter, id, metrics:* and the size of repeat of a chunk of queues, in
// one pipeline of O(1) commands. Fails as a whole only where the server could not be read.
// Stateless.
[[nodiscard]] Result<void> ReadQueueDetails(const ReadContext& context,
                                            std::span<const QueueDetailsToRead> queues);

// The same in an exchange for each command, where the replies are larger together than an exchange
// may be: what is made of a reply above 64 KiB is absent, and that reply is not received whole.
[[nodiscard]] Result<void> ReadLargeQueueDetails(const ReadContext& context,
                                                 const QueueDetailsToRead& queue);

}  // namespace bullmq_exporter
