#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// A date and time of RFC 3339, such as 2027-01-01T00:00:00Z or 2027-01-01T01:00:00.5+01:00, in
// milliseconds since 1970; further digits of a fraction are dropped. Nothing for any other text,
// for a day that no month has, and for a leap second.
[[nodiscard]] std::optional<std::int64_t> ParseRfc3339(std::string_view text);

// `2027-01-01T00:00:00Z`; fractions of a second are dropped. For years 0 to 9999.
[[nodiscard]] std::string FormatRfc3339(std::int64_t ms);

}  // namespace bullmq_exporter
