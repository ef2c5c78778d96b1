#include "exporter/config/duration.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 6> kUnits = {
    {{"w", 604800000}, {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}}};
constexpr std::int64_t kMaxMilliseconds = 100LL * 365 * 86400000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> Refused(std::string_view text) {
  return Fail(ErrorCode::kInvalidArgument,
              Quoted(text) + " is not a duration; write for example 500ms, 5s, 1m30s or 1h");
}

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::string_view rest = text;
  if (rest.empty()) return Refused(text);
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (!IsDigit(rest.front()) || parsed.ec != std::errc()) return Refused(text);
    rest.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest.data()));
    std::size_t length = 0;
    while (length < rest.size() && !IsDigit(rest[length])) ++length;
    while (next_unit < kUnits.size() && kUnits[next_unit].name != rest.substr(0, length)) {
      ++next_unit;
    }
    if (next_unit == kUnits.size()) return Refused(text);
    const std::int64_t unit = kUnits[next_unit++].milliseconds;
    if (number > (kMaxMilliseconds - total) / unit) {
      return Fail(ErrorCode::kInvalidArgument, Quoted(text) + " is longer than 100 years");
    }
    total += number * unit;
    rest.remove_prefix(length);
  }
  return Duration(total);
}

std::string FormatDuration(Duration duration) {
  std::int64_t rest = duration.count();
  std::string text;
  for (const Unit& unit : kUnits) {
    if (unit.name == "w") continue;
    if (rest < unit.milliseconds) continue;
    text += std::to_string(rest / unit.milliseconds);
    text += unit.name;
    rest %= unit.milliseconds;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace bullmq_exporter
