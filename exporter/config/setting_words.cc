#include "exporter/config/setting_words.h"

#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {

std::string_view LogFormatName(LogFormat format) {
  switch (format) {
    case LogFormat::kLogfmt: return "logfmt";
    case LogFormat::kJson: return "json";
  }
  return "";
}

Result<LogLevel> ParseLogLevel(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (LogLevelName(level) == text) return level;
  }
  return Fail(ErrorCode::kInvalidArgument,
              Quoted(text) + " is not one of debug, info, warn, error");
}

Result<LogFormat> ParseLogFormat(std::string_view text) {
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    if (LogFormatName(format) == text) return format;
  }
  return Fail(ErrorCode::kInvalidArgument, Quoted(text) + " is not one of logfmt, json");
}

Result<Compatibility> ParseCompatibility(std::string_view text) {
  if (text == "bullmq") return Compatibility::kBullmq;
  if (text == "bull_exporter") return Compatibility::kBullExporter;
  return Fail(ErrorCode::kInvalidArgument, Quoted(text) + " is not one of bullmq, bull_exporter");
}

}  // namespace bullmq_exporter
