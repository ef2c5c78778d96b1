#pragma once

#include <string_view>

#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// The words of the settings that are one of a few: log.level (debug, info, warn, error), log.format
// (logfmt, json), metrics.compatibility (bullmq, bull_exporter). A failure quotes the text and
// names what is allowed.
[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view text);
[[nodiscard]] Result<LogFormat> ParseLogFormat(std::string_view text);
[[nodiscard]] Result<Compatibility> ParseCompatibility(std::string_view text);
[[nodiscard]] std::string_view LogFormatName(LogFormat format);

}  // namespace bullmq_exporter
