#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "exporter/base/error.h"
#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Number of jobs by Index(JobState), markers not counted.
using JobCounts = std::array<std::int64_t, kJobStates.size()>;

// Appends the questions for the counts of all states (LLEN, ZCARD; LINDEX for markers): a queue is
// unreadable by any of its state keys, whichever are shown. Returns the index of the first.
std::size_t AddJobCounts(Pipeline& pipeline, const QueueId& queue);

struct CountedJobs {
  JobCounts counts{};
  std::size_t next = 0;  // index of the first reply behind those of the counts
  // By state: the right end of the list is a marker, which `counts` leaves out.
  bool waiting_marker = false;
  bool paused_marker = false;
};

// The answer to AddJobCounts; the error of the first key that could not be read.
[[nodiscard]] Result<CountedJobs> TakeJobCounts(const Replies& replies, std::size_t first);

}  // namespace bullmq_exporter
