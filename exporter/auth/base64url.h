#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// RFC 4648, section 5, without padding.
[[nodiscard]] std::string EncodeBase64Url(std::string_view bytes);

// Strict: nothing where `text` has another character ('=' too), an impossible length, or bits after
// its last byte that are not zero; so each byte sequence has one spelling.
[[nodiscard]] std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace bullmq_exporter
