#include "exporter/bullmq/job_counts.h"

#include <algorithm>

#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

void AddRightEnd(Pipeline& pipeline, const QueueId& queue, JobState state) {
  pipeline.Add(Route::kKey, {"LINDEX", queue_keys::State(queue, state), "-1"});
}

}  // namespace

std::size_t AddJobCounts(Pipeline& pipeline, const QueueId& queue) {
  const std::size_t first = pipeline.size();
  for (const JobState state : kJobStates) {
    pipeline.Add(Route::kKey,
                 {queue_keys::IsList(state) ? "LLEN" : "ZCARD", queue_keys::State(queue, state)});
  }
  AddRightEnd(pipeline, queue, JobState::kWaiting);
  AddRightEnd(pipeline, queue, JobState::kPaused);
  return first;
}

Result<CountedJobs> TakeJobCounts(const Replies& replies, std::size_t first) {
  CountedJobs jobs;
  jobs.next = first + kJobStates.size() + 2;
  for (std::size_t i = first; i < jobs.next; ++i) {
    if (replies[i].is_error()) return Fail(ErrorOf(replies[i]));
  }
  for (const JobState state : kJobStates) {
    jobs.counts[Index(state)] = replies[first + Index(state)].integer;
  }
  jobs.waiting_marker = queue_keys::IsMarker(replies[jobs.next - 2].text);
  jobs.paused_marker = queue_keys::IsMarker(replies[jobs.next - 1].text);
  // The list may have been emptied between its two commands.
  const auto leave_out = [&](JobState state) {
    std::int64_t& count = jobs.counts[Index(state)];
    count = std::max<std::int64_t>(count - 1, 0);
  };
  if (jobs.waiting_marker) leave_out(JobState::kWaiting);
  if (jobs.paused_marker) leave_out(JobState::kPaused);
  return jobs;
}

}  // namespace bullmq_exporter
