#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/http/http_message.h"
#include "exporter/inspect/job_list.h"
#include "exporter/inspect/queue_list.h"

namespace bullmq_exporter {

// What is wrong with a parameter, for the answer 400: names the parameter and what is allowed.
struct ParameterFault {
  std::string message;
};

// `redis` and `prefix`, which the inspection checks. A parameter that is given twice is a fault;
// parameters that are not known are ignored. `visible` is left to the caller.
[[nodiscard]] tl::expected<QueueListQuery, ParameterFault> ParseQueueListParams(
    const std::vector<QueryParameter>& parameters);

// The same with `status`, `page` (1 to 2^31-1), `limit` (1 to `max_page_size`) and `order`. `queue`
// is left to the caller too.
[[nodiscard]] tl::expected<JobListQuery, ParameterFault> ParseJobListParams(
    const std::vector<QueryParameter>& parameters, std::int64_t max_page_size);

}  // namespace bullmq_exporter
