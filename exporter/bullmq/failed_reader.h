#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// A job found in the `failed` set.
struct FailedJob {
  std::string id;
  std::int64_t finished_on_ms = 0;  // its score: the worker's clock
  std::string name;                 // empty where the hash is gone or the name is beyond reason
  std::string failed_reason;        // empty likewise
  bool reason_too_large = false;    // above kMaxReasonBytes: not read
  bool gone = false;                // the hash is gone
};

inline constexpr std::int64_t kMaxReasonBytes = 64 * 1024;

struct FailedToRead {
  const QueueId* id;
  std::int64_t from_ms;  // score to read from
  // Whether a job with this score is known already and need not be read.
  std::function<bool(const std::string& id, std::int64_t finished_on_ms)> known;

  std::vector<FailedJob>
      jobs;                  // what is new, oldest first; the newest ones where `skipped` is not 0
  std::int64_t skipped = 0;  // how many more there were than `most_jobs` allows
  bool readable = true;      // false where `failed` could not be read
};

// Reads the failures of a chunk of queues since their marks: a bounded ZRANGEBYSCORE each, then the
// size of name and reason, then both, of what is new; three pipelines. Of a queue with more than
// `most_jobs` new failures the newest are read and the others counted. Fails as a whole only where
// the server could not be read. Stateless.
[[nodiscard]] Result<void> ReadFailed(const ReadContext& context, std::span<FailedToRead> queues,
                                      std::size_t most_jobs);

}  // namespace bullmq_exporter
