#pragma once

#include <vector>

#include "exporter/config/config.h"
#include "exporter/metrics/text_family.h"

namespace bullmq_exporter {

// Settings that rules and queries depend on.
[[nodiscard]] std::vector<TextFamily> SettingsFamilies(Duration poll_interval,
                                                       Duration failures_window);

}  // namespace bullmq_exporter
