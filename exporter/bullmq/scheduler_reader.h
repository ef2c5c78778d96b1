#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "exporter/base/error.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

struct SchedulerTimes {
  std::optional<std::int64_t> next_ms;  // the earliest next run of a scheduler that has not ended
  std::int64_t overdue = 0;             // next run is past, and it has not ended
};

struct SchedulersToRead {
  const QueueId* id;
  SchedulerTimes* times;
  bool readable = true;  // false where `repeat` could not be read
};

// Reads job schedulers (BullMQ 5 and newer) and legacy repeatable jobs of queues that have some.
// One that has ended, its `limit` reached or its `endDate` past, stays in the set `repeat` with the
// time of its last run for ever, so each whose time is past is asked for its hash; 1,000 of a queue
// at most. Before late BullMQ 5 none keeps a count of its runs: it lives while nobody has begun the
// job of its next run; the end date of a legacy one (Bull, BullMQ 3, 4, early 5) stands in its key.
// Fails as a whole only where the server could not be read. Stateless.
[[nodiscard]] Result<void> ReadSchedulers(const ReadContext& context,
                                          std::span<SchedulersToRead> queues);

}  // namespace bullmq_exporter
