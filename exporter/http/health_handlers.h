#pragma once

#include "exporter/http/route.h"

namespace bullmq_exporter {

// Neither depends on Redis: a pod that is taken out because Redis is down could not say so.

// 200.
[[nodiscard]] HttpResponse HandleHealthy(const HandlerContext& context,
                                         const RoutedRequest& request);

// 200 when context.ready(), else 503.
[[nodiscard]] HttpResponse HandleReady(const HandlerContext& context, const RoutedRequest& request);

}  // namespace bullmq_exporter
