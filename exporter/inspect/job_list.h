#pragma once

#include <cstdint>
#include <string>

#include "exporter/config/config.h"
#include "exporter/inspect/inspection.h"
#include "exporter/model/job_state.h"

namespace bullmq_exporter {

// GET /v1/jobs/queues/:queueName: the queue's counts and one page of its jobs in one state.
struct JobListQuery {
  std::string queue;                    // raw bytes, decoded from the path
  JobState status = JobState::kFailed;  // any state
  std::int64_t page = 1;                // from 1
  std::int64_t limit = 10;              // 1 to ApiConfig::max_page_size
  bool newest_first = false;            // order=desc
  QueueSelection selection = {};
  QueueVisibility visible = {};
};

// {"name":…,"counts":{…},"jobs":[…],"pagination":{…}}: docs/http-api.md has every member. Once the
// text has ApiConfig::max_response_bytes, payloads of further jobs are withheld as those that were
// not read are. Thread-safe.
[[nodiscard]] InspectionResult ListJobs(const InspectedTargets& targets, const ApiConfig& config,
                                        const JobListQuery& query);

}  // namespace bullmq_exporter
