#pragma once

#include "exporter/http/route.h"

namespace bullmq_exporter {

// GET /: a short page that names the endpoints of the listener, from the table of routes.
[[nodiscard]] HttpResponse HandleTelemetryLandingPage(const HandlerContext& context,
                                                      const RoutedRequest& request);
[[nodiscard]] HttpResponse HandleApiLandingPage(const HandlerContext& context,
                                                const RoutedRequest& request);

}  // namespace bullmq_exporter
