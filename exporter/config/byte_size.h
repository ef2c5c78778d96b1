#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/base/error.h"

namespace bullmq_exporter {

// Parses `1MiB`, `32KiB`, `2GiB`, `500B` or plain bytes, `1048576`. The message of a failure quotes
// the text and says what is allowed. Below 2^53.
[[nodiscard]] Result<std::uint64_t> ParseByteSize(std::string_view text);

// In the largest unit that divides it: `1MiB`, `1500`.
[[nodiscard]] std::string FormatByteSize(std::uint64_t bytes);

}  // namespace bullmq_exporter
