#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "exporter/base/error.h"
#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Number of jobs by Index(JobState), markers not counted; 0 for a state that was not asked for.
using JobCounts = std::array<std::int64_t, kJobStates.size()>;

// The six states of BullMQ's getJobCounts('active', 'completed', 'failed', 'delayed', 'waiting',
// 'paused').
inline constexpr std::array kCountedStates = {JobState::kActive,  JobState::kCompleted,
                                              JobState::kFailed,  JobState::kDelayed,
                                              JobState::kWaiting, JobState::kPaused};

// Appends the questions for the counts of kCountedStates (LLEN, ZCARD; LINDEX for markers), and of
// `other` where it is none of these. Returns the index of the first.
std::size_t AddJobCounts(Pipeline& pipeline, const QueueId& queue,
                         std::optional<JobState> other = std::nullopt);

struct CountedJobs {
  JobCounts counts{};
  std::size_t next = 0;  // index of the first reply behind those of the counts
  // By state: the right end of the list is a marker, which `counts` leaves out.
  bool waiting_marker = false;
  bool paused_marker = false;
};

// The answer to AddJobCounts with the same `other`; the error of the first key that could not be
// read.
[[nodiscard]] Result<CountedJobs> TakeJobCounts(const Replies& replies, std::size_t first,
                                                std::optional<JobState> other = std::nullopt);

}  // namespace bullmq_exporter
