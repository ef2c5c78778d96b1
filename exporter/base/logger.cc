#include "exporter/base/logger.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <cmath>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {

std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

std::string LogField::Number(long long v) { return fmt::format("{}", v); }
std::string LogField::Number(unsigned long long v) { return fmt::format("{}", v); }
std::string LogField::Number(double v) { return std::isfinite(v) ? fmt::format("{:.6g}", v) : "0"; }

struct Logger::Sink {
  explicit Sink(LogFormat f)
      : format(f), log("", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}
  LogFormat format;
  spdlog::logger log;
};

namespace {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string Timestamp() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto millis = now.time_since_epoch().count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), millis);
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto u = static_cast<unsigned char>(c);
    if (u <= ' ' || u >= 0x7f || c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

void AppendQuoted(std::string& out, std::string_view value) {
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

std::string Logfmt(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) {
  std::string line = fmt::format("time={} level={} msg=", Timestamp(), LogLevelName(level));
  AppendQuoted(line, EscapeUnprintable(message));
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    const std::string value = EscapeUnprintable(field.value);
    if (NeedsQuotes(value)) {
      AppendQuoted(line, value);
    } else {
      line += value;
    }
  }
  return line;
}

void JsonText(JsonWriter& json, std::string_view text) {
  const std::string printable = EscapeUnprintable(text);
  json.String(printable.data(), static_cast<rapidjson::SizeType>(printable.size()));
}

std::string Json(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  rapidjson::StringBuffer buffer;
  JsonWriter json(buffer);
  json.StartObject();
  json.Key("time");
  JsonText(json, Timestamp());
  json.Key("level");
  JsonText(json, LogLevelName(level));
  json.Key("msg");
  JsonText(json, message);
  for (const LogField& field : fields) {
    json.Key(field.key.data(), static_cast<rapidjson::SizeType>(field.key.size()));
    if (field.is_number) {
      json.RawValue(field.value.data(), field.value.size(), rapidjson::kNumberType);
    } else {
      JsonText(json, field.value);
    }
  }
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

Logger::Logger(LogLevel level, LogFormat format) : sink_(std::make_shared<Sink>(format)) {
  sink_->log.set_level(ToSpdlog(level));
  sink_->log.flush_on(spdlog::level::debug);
  sink_->log.set_pattern("%v");
}

Logger::~Logger() = default;

void Logger::Debug(std::string_view m, std::initializer_list<LogField> f) const {
  Write(LogLevel::kDebug, m, f);
}
void Logger::Info(std::string_view m, std::initializer_list<LogField> f) const {
  Write(LogLevel::kInfo, m, f);
}
void Logger::Warn(std::string_view m, std::initializer_list<LogField> f) const {
  Write(LogLevel::kWarn, m, f);
}
void Logger::Error(std::string_view m, std::initializer_list<LogField> f) const {
  Write(LogLevel::kError, m, f);
}

void Logger::Write(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) const {
  const auto spdlog_level = ToSpdlog(level);
  if (!sink_->log.should_log(spdlog_level)) return;
  const std::string line = sink_->format == LogFormat::kJson ? Json(level, message, fields)
                                                             : Logfmt(level, message, fields);
  sink_->log.log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace bullmq_exporter
