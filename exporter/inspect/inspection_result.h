#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "exporter/inspect/inspection_error.h"

namespace bullmq_exporter {

// JSON text, UTF-8. Shared with other requests that asked the same at the same time.
using InspectionResult = tl::expected<std::shared_ptr<const std::string>, InspectionError>;

}  // namespace bullmq_exporter
