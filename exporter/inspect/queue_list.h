#pragma once

#include "exporter/config/config.h"
#include "exporter/inspect/inspection.h"

namespace bullmq_exporter {

// GET /v1/jobs/queues: every queue with its counts, read from Redis now.
struct QueueListQuery {
  QueueSelection selection = {};
  QueueVisibility visible = {};
};

// {"queues":[{"name":…,"counts":{…}},…]}, configured queues first, then the discovered ones by
// name. A queue that cannot be read stands there with "counts":null and "error". Fails with
// kUnavailable when one of the selected targets does not answer within `config.timeout`, or when
// its queues are not known yet. Thread-safe.
[[nodiscard]] InspectionResult ListQueues(const InspectedTargets& targets, const ApiConfig& config,
                                          const QueueListQuery& query);

}  // namespace bullmq_exporter
