#include "exporter/poll/failure_poller.h"

#include <algorithm>
#include <vector>

#include "exporter/bullmq/failed_reader.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMostFailuresOfQueue = 5000;
constexpr std::size_t kMostFailuresOfTarget = 20000;
// Job names that nobody knows: the hash is gone, or its name is beyond reason.
constexpr std::string_view kUnknownName = "__unknown__";

}  // namespace

// The queues of one Read that have a `failed` set, in step.
struct FailurePoller::Reading {
  std::vector<QueueRecord*> records;
  std::vector<QueueSnapshot*> snapshots;
  std::vector<Window*> windows;
  std::vector<FailedToRead> queues;
};

void FailurePoller::BeginPoll(std::int64_t server_now_ms) {
  if (!budget_) budget_.emplace(config_, server_now_ms, names_per_queue_);
  room_ = kMostFailuresOfTarget;
}

Result<void> FailurePoller::Read(const ReadContext& context, std::span<QueueRecord* const> records,
                                 std::span<QueueSnapshot> snapshots) {
  const std::int64_t now_ms = context.server_now_ms;
  Reading reading;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    QueueSnapshot& queue = snapshots[i];
    if (!queue.up) continue;
    auto found = windows_.find(queue.id);
    const bool has_failed = queue.jobs[Index(JobState::kFailed)] > 0;
    if (!has_failed) records[i]->failed_empty_ms = now_ms;
    if (found == windows_.end() && !has_failed) continue;
    if (found == windows_.end()) {
      found = windows_.try_emplace(queue.id, *budget_).first;
      // A set that was empty is as good as read: what it has now is new, whatever its time.
      if (const auto empty_ms = records[i]->failed_empty_ms) {
        found->second.failures.EndRead(true, std::nullopt, *empty_ms);
      }
    }
    // Nobody asked whether anything failed, so this read is none: the next one begins where the
    // last one did.
    if (records[i]->known.kept && (!has_failed || records[i]->known.quiet)) {
      queue.failures = found->second.failures.Read(now_ms);
      continue;
    }
    reading.records.push_back(records[i]);
    reading.snapshots.push_back(&queue);
    reading.windows.push_back(&found->second);
    FailedToRead& to_read = reading.queues.emplace_back();
    to_read.id = &queue.id;
    to_read.from_ms = found->second.failures.ReadFromMs(now_ms);
    to_read.most_jobs = std::min(kMostFailuresOfQueue, found->second.failures.Room());
    to_read.want_last_failure = !found->second.read_before;
    to_read.none = !has_failed || records[i]->known.quiet;
  }
  const auto known = [&](std::size_t i, std::string_view id, std::int64_t finished_on_ms) {
    return reading.windows[i]->failures.Knows(id, finished_on_ms);
  };
  // Known ones are among the ids, so there are more of them than of new failures.
  const std::size_t room = room_;
  auto done = ReadFailed(context, reading.queues, 2 * kMostFailuresOfQueue, room_, known);
  if (!done) {
    room_ = room;
    return done;
  }
  return EndReads(context, reading);
}

Result<void> FailurePoller::EndReads(const ReadContext& context, Reading& reading) {
  const std::int64_t now_ms = context.server_now_ms;
  std::vector<FailedToCount> counts;
  std::vector<std::optional<std::size_t>> count_of(reading.queues.size());
  for (std::size_t i = 0; i < reading.queues.size(); ++i) {
    FailedToRead& queue = reading.queues[i];
    FailureWindow& window = reading.windows[i]->failures;
    for (const FailedJob& job : queue.jobs) {
      const std::string_view name = job.name.empty() ? kUnknownName : std::string_view(job.name);
      if (!window.Add({job.id, job.finished_on_ms, name, job.failed_reason}, now_ms)) {
        queue.complete = false;
      }
    }
    if (queue.last_failure_ms) window.NoteLastFailure(*queue.last_failure_ms, now_ms);
    reading.snapshots[i]->failures_readable = queue.readable;
    if (!queue.readable) continue;
    if (const auto range = window.RangeToCount(queue.complete, now_ms)) {
      count_of[i] = counts.size();
      counts.push_back({queue.id, range->begin_ms, range->end_ms, std::nullopt});
    }
  }
  if (auto done = CountFailed(context, counts); !done) return done;
  for (std::size_t i = 0; i < reading.queues.size(); ++i) {
    if (!reading.queues[i].readable) continue;
    Window& window = *reading.windows[i];
    KnownQueue& known = reading.records[i]->known;
    known.quiet_from_ms.reset();
    const auto in_range = count_of[i] ? counts[*count_of[i]].count : std::nullopt;
    window.failures.EndRead(reading.queues[i].complete, in_range, now_ms);
    window.read_before = true;
    if (reading.queues[i].none) known.quiet_from_ms = window.failures.ReadFromMs(now_ms);
    reading.snapshots[i]->failures = window.failures.Read(now_ms);
  }
  return {};
}

}  // namespace bullmq_exporter
