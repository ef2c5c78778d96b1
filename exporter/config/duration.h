#pragma once

#include <string>
#include <string_view>

#include "exporter/base/error.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// Parses `500ms`, `5s`, `1m30s`, `1h`, `90d`: whole numbers, each with a unit (ms, s, m, h, d, w),
// the units from large to small, each once. The message of a failure quotes the text and says what
// is allowed. At most 100 years.
[[nodiscard]] Result<Duration> ParseDuration(std::string_view text);

// The shortest text that ParseDuration() reads as the same duration, without weeks: `1m30s`, `0s`.
// Not for negative durations.
[[nodiscard]] std::string FormatDuration(Duration duration);

}  // namespace bullmq_exporter
