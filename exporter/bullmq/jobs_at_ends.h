#pragma once

#include <string>
#include <vector>

#include "exporter/base/error.h"
#include "exporter/bullmq/known_queue.h"
#include "exporter/bullmq/read_context.h"
#include "exporter/model/queue_id.h"

namespace bullmq_exporter {

// A job that stands at an end of one of its queue's sets.
struct JobAtEnd {
  const QueueId* queue = nullptr;
  KnownEnd* known = nullptr;  // of that end: receives the job and its time
  QueueEnd end = QueueEnd::kNextWaiting;
  std::string job_id;
};

// Reads since when these jobs are ready or active, of those that are not known at their end yet: in
// two pipelines at most (HMGET; HGET opts where a delay counts). What was read by half is not known
// afterwards. Where `leave_out_large`, jobs that are too large for an exchange are known without a
// time. Fails only where the server could not be read. Stateless.
[[nodiscard]] Result<void> ReadJobsAtEnds(const ReadContext& context, std::vector<JobAtEnd> jobs,
                                          bool leave_out_large = false);

}  // namespace bullmq_exporter
