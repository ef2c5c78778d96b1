#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "exporter/base/clock.h"
#include "exporter/bullmq/queue_details_reader.h"
#include "exporter/bullmq/queue_reader.h"
#include "exporter/bullmq/scheduler_reader.h"
#include "exporter/model/queue_id.h"
#include "exporter/poll/monotonic_total.h"

namespace bullmq_exporter {

// What the poller remembers of a queue between polls.
struct QueueRecord {
  QueueId id;
  KnownQueue known;
  QueueDetails details;
  std::optional<SchedulerTimes> schedulers;  // empty where `repeat` could not be read
  MonotonicTotal job_ids;
  MonotonicTotal finished_completed;
  MonotonicTotal finished_failed;
  std::optional<std::int64_t> failed_empty_ms;        // server's TIME when `failed` was last empty
  SteadyClock::time_point next_details;               // when the details are due
  std::optional<SteadyClock::time_point> gone_since;  // all keys are gone
  bool unreadable = false;  // a state key could not be read in the last poll (logged once)
};

}  // namespace bullmq_exporter
