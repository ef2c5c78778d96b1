#pragma once

#include "exporter/base/build_info.h"
#include "exporter/metrics/text_family.h"

namespace bullmq_exporter {

// What was built, and from what.
[[nodiscard]] TextFamily BuildInfoFamily(const BuildInfo& build);

}  // namespace bullmq_exporter
