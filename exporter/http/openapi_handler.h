#pragma once

#include "exporter/http/route.h"

namespace bullmq_exporter {

// GET /openapi.yaml: docs/openapi.yaml as it was when the program was built.
[[nodiscard]] HttpResponse HandleOpenApi(const HandlerContext& context,
                                         const RoutedRequest& request);

}  // namespace bullmq_exporter
