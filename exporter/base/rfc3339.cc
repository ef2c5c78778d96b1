#include "exporter/base/rfc3339.h"

#include <chrono>
#include <cstdio>

namespace bullmq_exporter {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Takes a text from its beginning to its end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool Take(char upper) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    const bool lower = upper >= 'A' && upper <= 'Z' && c == upper - 'A' + 'a';
    if (c != upper && !lower) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> TakeNumber(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!IsDigit(rest_[i])) return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  // The digits behind a point, as milliseconds.
  std::optional<int> TakeFraction() {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && IsDigit(rest_[digits]); ++digits) {
      if (digits < 3) value = value * 10 + (rest_[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (std::size_t i = digits; i < 3; ++i) value *= 10;
    rest_.remove_prefix(digits);
    return value;
  }

  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  std::string_view rest_;
};

std::optional<minutes> TakeOffset(Scanner& text) {
  if (text.Take('Z')) return minutes(0);
  const bool minus = text.Take('-');
  if (!minus && !text.Take('+')) return std::nullopt;
  const auto hour = text.TakeNumber(2);
  if (!hour || !text.Take(':')) return std::nullopt;
  const auto minute = text.TakeNumber(2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes offset = hours(*hour) + minutes(*minute);
  return minus ? -offset : offset;
}

std::optional<std::chrono::sys_days> TakeDate(Scanner& text) {
  const auto year = text.TakeNumber(4);
  if (!year || !text.Take('-')) return std::nullopt;
  const auto month = text.TakeNumber(2);
  if (!month || !text.Take('-')) return std::nullopt;
  const auto day = text.TakeNumber(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

}  // namespace

std::optional<std::int64_t> ParseRfc3339(std::string_view text) {
  Scanner scanner(text);
  const auto date = TakeDate(scanner);
  if (!date || !scanner.Take('T')) return std::nullopt;
  const auto hour = scanner.TakeNumber(2);
  if (!hour || !scanner.Take(':')) return std::nullopt;
  const auto minute = scanner.TakeNumber(2);
  if (!minute || !scanner.Take(':')) return std::nullopt;
  const auto second = scanner.TakeNumber(2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::optional<int> fraction = scanner.Take('.') ? scanner.TakeFraction() : 0;
  if (!fraction) return std::nullopt;
  const auto offset = TakeOffset(scanner);
  if (!offset || !scanner.done()) return std::nullopt;
  const milliseconds time = date->time_since_epoch() + hours(*hour) + minutes(*minute) +
                            seconds(*second) + milliseconds(*fraction) - *offset;
  return time.count();
}

std::string FormatRfc3339(std::int64_t ms) {
  const std::chrono::sys_time<seconds> time(floor<seconds>(milliseconds(ms)));
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[64];
  const int size = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace bullmq_exporter
