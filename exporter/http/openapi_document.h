#pragma once

#include <string_view>

namespace bullmq_exporter {

// docs/openapi.yaml. Its .cc is made at build time from openapi_document.cc.in.
[[nodiscard]] std::string_view OpenApiDocument();

}  // namespace bullmq_exporter
