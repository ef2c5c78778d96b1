#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bullmq_exporter {

// A score of `delayed` is the due time in ms times this, plus twelve bits of order.
inline constexpr std::int64_t kDelayedScale = 4096;

// The time in ms that the text of a score, or of a number in a hash, tells when it is divided by
// `scale`; rounded down. Nothing where it is no number, infinite, or beyond 35,000 years: anybody
// who can write to Redis can write such a score.
[[nodiscard]] std::optional<std::int64_t> MsOfScore(std::string_view text, std::int64_t scale = 1);

}  // namespace bullmq_exporter
