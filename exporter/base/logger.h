#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bullmq_exporter {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
[[nodiscard]] std::string_view LogLevelName(LogLevel level);  // "debug", "info", "warn", "error"

enum class LogFormat { kLogfmt, kJson };

// A key with its value, already as text: `{"queues", 12}`.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  template <class T>
    requires std::integral<T> || std::floating_point<T>
  LogField(std::string_view k, T v) : key(k), value(Number(v)), is_number(true) {}

  std::string_view key;
  std::string value;
  bool is_number = false;

 private:
  static std::string Number(long long v);
  static std::string Number(unsigned long long v);
  static std::string Number(double v);
  template <class T>
  static std::string Number(T v) {
    if constexpr (std::floating_point<T>)
      return Number(static_cast<double>(v));
    else if constexpr (std::signed_integral<T>)
      return Number(static_cast<long long>(v));
    else
      return Number(static_cast<unsigned long long>(v));
  }
};

// Writes one line a message to standard error: `time=… level=info msg="listening" telemetry=…`, or
// the same as a JSON object. Values are escaped (EscapeUnprintable), so that a name read from
// Redis or from a request can forge no line and steer no terminal. Thread-safe. Copies share one
// sink.
class Logger {
 public:
  Logger(LogLevel level, LogFormat format);
  ~Logger();

  void Debug(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void Info(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void Warn(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void Error(std::string_view message, std::initializer_list<LogField> fields = {}) const;

 private:
  void Write(LogLevel level, std::string_view message,
             std::initializer_list<LogField> fields) const;

  struct Sink;
  std::shared_ptr<Sink> sink_;
};

}  // namespace bullmq_exporter
