#include "exporter/bullmq/job_counts.h"

#include <algorithm>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

bool IsCounted(JobState state) {
  return std::find(kCountedStates.begin(), kCountedStates.end(), state) != kCountedStates.end();
}

void AddCount(Pipeline& pipeline, const QueueId& queue, JobState state) {
  pipeline.Add(Route::kKey,
               {queue_keys::IsList(state) ? "LLEN" : "ZCARD", queue_keys::State(queue, state)});
}

void AddRightEnd(Pipeline& pipeline, const QueueId& queue, JobState state) {
  pipeline.Add(Route::kKey, {"LINDEX", queue_keys::State(queue, state), "-1"});
}

}  // namespace

std::size_t AddJobCounts(Pipeline& pipeline, const QueueId& queue, std::optional<JobState> other) {
  const std::size_t first = pipeline.size();
  for (const JobState state : kCountedStates) AddCount(pipeline, queue, state);
  AddRightEnd(pipeline, queue, JobState::kWaiting);
  AddRightEnd(pipeline, queue, JobState::kPaused);
  if (other && !IsCounted(*other)) AddCount(pipeline, queue, *other);
  return first;
}

Result<CountedJobs> TakeJobCounts(const Replies& replies, std::size_t first,
                                  std::optional<JobState> other) {
  CountedJobs jobs;
  std::size_t next = first;
  const std::size_t end = first + kCountedStates.size() + 2 + (other && !IsCounted(*other) ? 1 : 0);
  for (std::size_t i = first; i < end; ++i) {
    if (replies[i].is_error()) return Fail(ErrorOf(replies[i]));
  }
  for (const JobState state : kCountedStates) jobs.counts[Index(state)] = replies[next++].integer;
  jobs.waiting_marker = queue_keys::IsMarker(replies[next++].text);
  jobs.paused_marker = queue_keys::IsMarker(replies[next++].text);
  // The list may have been emptied between its two commands.
  const auto leave_out = [&](JobState state) {
    std::int64_t& count = jobs.counts[Index(state)];
    count = std::max<std::int64_t>(count - 1, 0);
  };
  if (jobs.waiting_marker) leave_out(JobState::kWaiting);
  if (jobs.paused_marker) leave_out(JobState::kPaused);
  if (next < end) jobs.counts[Index(*other)] = replies[next++].integer;
  jobs.next = next;
  return jobs;
}

}  // namespace bullmq_exporter
