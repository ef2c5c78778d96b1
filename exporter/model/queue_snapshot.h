#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// Failures of one job name with one reason class within the window.
struct FailureCount {
  std::string name;    // job name, raw bytes
  std::string reason;  // reason class, valid UTF-8; empty where failures.reasons is off
  std::int64_t count = 0;
  // Of those that are counted; where count is 0, of the last one that was. Never in the future.
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
  std::vector<std::string> job_ids = {};  // a few of the newest, newest first, raw bytes
};

// What the `failed` set told about a queue.
struct QueueFailures {
  std::vector<FailureCount> recent;  // sorted by name, then reason; those at 0 included
  std::optional<std::int64_t> last_failure_ms;
  std::int64_t seen_total = 0;  // since the exporter started
  std::int64_t skipped = 0;     // within the window, counted by nobody because of a cap
};

// One queue as the last poll saw it. Times are milliseconds since 1970 by the clock of whoever
// wrote them to Redis. An empty optional is what could not be read or does not exist: its series is
// absent.
struct QueueSnapshot {
  QueueId id;
  bool up =
      false;  // false: a state key could not be read, and every other field is without meaning

  std::array<std::int64_t, kJobStates.size()> jobs{};  // by Index(JobState), markers not counted
  std::optional<bool> paused;
  std::optional<std::int64_t> oldest_waiting_ms;
  std::optional<std::int64_t> oldest_active_ms;
  std::optional<std::int64_t> next_delayed_ms;
  std::optional<std::int64_t> overdue_delayed;
  std::optional<std::int64_t> workers;
  std::optional<std::int64_t> schedulers;
  std::optional<std::int64_t> overdue_schedulers;
  std::optional<std::int64_t> next_scheduled_ms;
  std::optional<std::int64_t> last_completed_ms;
  std::optional<std::int64_t> concurrency_limit;
  std::optional<bool> rate_limited;
  std::optional<std::int64_t> job_ids_total;       // never falls, whatever Redis says
  std::optional<std::int64_t> finished_completed;  // the same
  std::optional<std::int64_t> finished_failed;     // the same
  std::optional<std::string> version;              // `meta.version`; empty text where meta has none
  std::shared_ptr<const QueueFailures> failures;   // null: nothing has failed yet, all zero; absent
                                                   // series only where `failures_readable` is false
  bool failures_readable = true;
};

}  // namespace bullmq_exporter
