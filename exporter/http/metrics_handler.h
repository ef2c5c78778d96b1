#pragma once

#include "exporter/http/route.h"

namespace bullmq_exporter {

// GET /metrics in the format and coding that the client prefers.
[[nodiscard]] HttpResponse HandleMetrics(const HandlerContext& context,
                                         const RoutedRequest& request);

}  // namespace bullmq_exporter
