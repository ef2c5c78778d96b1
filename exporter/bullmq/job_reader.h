#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/bullmq/job_counts.h"
#include "exporter/model/job.h"
#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"
#include "exporter/redis/client_pool.h"

namespace bullmq_exporter {

// Why something could not be read.
struct ReadFailure {
  Error error;
  bool queue_only = false;  // keys of this queue are to blame; false: the server did not answer
};

struct JobPageRequest {
  JobState state = JobState::kFailed;
  std::int64_t offset = 0;  // jobs before the page
  std::int64_t limit = 10;  // jobs of the page, from 1; the caller bounds it
  bool newest_first = false;
};

struct JobPage {
  JobCounts counts{};
  std::vector<Job> jobs;  // those that vanished meanwhile left out
};

// Reads counts and jobs when they are asked for, through connections of its own: all that is shown
// is as it is in Redis now. Every command is O(1), O(log n) or bounded by the page. Stateless but
// for the pool; thread-safe.
class JobReader {
 public:
  struct Limits {
    std::size_t max_field_bytes = 1u << 20;  // of one payload of a job
    std::size_t max_page_bytes = 32u << 20;  // of all payloads of a page
  };

  // `pool` must outlive the reader.
  JobReader(ClientPool& pool, Limits limits) : pool_(pool), limits_(limits) {}

  // Which of the names are queues now (queue_confirmation.h).
  [[nodiscard]] Result<std::vector<bool>> Confirm(std::span<const QueueId> queues,
                                                  SteadyClock::time_point deadline) const;

  // The counts of all states of each queue (job_counts.h), kTooLarge for one whose lists end in ids
  // of many megabytes. Asks the server even where `queues` is
  // empty, so that a server that is down is not taken for one without queues.
  [[nodiscard]] Result<std::vector<Result<JobCounts>>> ReadCounts(
      std::span<const QueueId> queues, SteadyClock::time_point deadline) const;

  // Counts and a page of one state, as getJobs([state], offset, offset + limit - 1, true) gives it:
  // oldest first, from the right end of lists; with `newest_first` from the other end. In three
  // exchanges: counts and ids, sizes of the payloads, the jobs. A payload that is longer than
  // max_field_bytes, or for which max_page_bytes has no room left, is not read.
  [[nodiscard]] tl::expected<JobPage, ReadFailure> ReadPage(const QueueId& queue,
                                                            const JobPageRequest& request,
                                                            SteadyClock::time_point deadline) const;

 private:
  ClientPool& pool_;
  Limits limits_;
};

}  // namespace bullmq_exporter
