#include "exporter/bullmq/score.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace bullmq_exporter {

std::optional<std::int64_t> MsOfScore(std::string_view text, std::int64_t scale) {
  constexpr double kBeyondReason = 1LL << 50;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (text.empty() || failure != std::errc() || stop != end) return std::nullopt;
  value = std::floor(value / static_cast<double>(scale));
  if (!(std::abs(value) < kBeyondReason)) return std::nullopt;  // NaN too
  return static_cast<std::int64_t>(value);
}

}  // namespace bullmq_exporter
