#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  std::string failed_reason;        // empty likewise; kReasonTooLarge where it was not read
};

// Stands for a `failedReason` above kMaxReasonBytes, whose first line cannot be had alone.
inline constexpr std::string_view kReasonTooLarge = "(too large)";
inline constexpr std::int64_t kMaxReasonBytes = std::int64_t{64} * 1024;

struct FailedToRead {
  const QueueId* id = nullptr;
  std::int64_t from_ms = 0;   // the lowest score to read
  std::size_t most_jobs = 0;  // how many new ones are wanted at most
  bool want_last_failure = false;
  bool none = false;  // known not to have any from there on: only what else is wanted is read

  std::vector<FailedJob> jobs;                  // what is new, newest first
  bool complete = true;                         // false: there were more than were wanted
  std::optional<std::int64_t> last_failure_ms;  // the highest score of the set, where wanted
  bool readable = true;                         // false: `failed` could not be read
};

// Whether a failure of queues[i] is known already and need not be read again.
using KnownFailure =
    std::function<bool(std::size_t i, std::string_view id, std::int64_t finished_on_ms)>;

// Reads the failures of a chunk of queues since their marks, newest first: a bounded range by score
// each, then the sizes of name and reason, then both, of what is new; three pipelines. At most
// `most_ids` ids a queue are looked at, and at most `room` new ones of all queues are read, which
// are taken from it. Fails as a whole only where the server could not be read. Stateless.
[[nodiscard]] Result<void> ReadFailed(const ReadContext& context, std::span<FailedToRead> queues,
                                      std::size_t most_ids, std::size_t& room,
                                      const KnownFailure& known);

// How many members of `failed` have a score from `begin_ms` to below `end_ms` (ZCOUNT).
struct FailedToCount {
  const QueueId* id = nullptr;
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
  std::optional<std::int64_t> count;  // empty where it could not be read
};
[[nodiscard]] Result<void> CountFailed(const ReadContext& context, std::span<FailedToCount> queues);

}  // namespace bullmq_exporter
