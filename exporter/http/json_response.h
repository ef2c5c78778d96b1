#pragma once

#include <memory>
#include <string>

#include "exporter/http/http_message.h"

namespace bullmq_exporter {

// 200 with this JSON text, which is not copied; gzipped where the client takes it and it is worth
// it. Nobody may keep it: it is the state of a moment, and for one caller.
[[nodiscard]] HttpResponse JsonResponse(const HttpRequest& request,
                                        std::shared_ptr<const std::string> json);

}  // namespace bullmq_exporter
