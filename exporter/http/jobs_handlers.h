#pragma once

#include "exporter/http/route.h"

namespace bullmq_exporter {

// GET /v1/jobs/queues
[[nodiscard]] HttpResponse HandleQueueList(const HandlerContext& context,
                                           const RoutedRequest& request);

// GET /v1/jobs/queues/:queueName
[[nodiscard]] HttpResponse HandleJobList(const HandlerContext& context,
                                         const RoutedRequest& request);

}  // namespace bullmq_exporter
