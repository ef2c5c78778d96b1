#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// Label values longer than this many bytes are shown shortened.
inline constexpr std::size_t kMaxLabelValueBytes = 256;

// How many bytes of a shortened label value are its own, at most.
inline constexpr std::size_t kShortenedLabelValueBytes = 240;

// `value` as it is when it has at most kMaxLabelValueBytes bytes; else its first
// kShortenedLabelValueBytes bytes (fewer where a character would be cut), `…` and the first eight
// hex digits (lower case) of the SHA-256 of all of `value`, so that long values stay apart. Give it
// the text as it would be shown (valid UTF-8, not yet escaped for a format): valid in, valid out.
// Thread-safe.
[[nodiscard]] std::string ShortenLabelValue(std::string_view value);

// How any bytes (a name from Redis or from the configuration) show as a label value, the same
// everywhere, and different bytes differently: each byte that is no UTF-8, and NUL (which many
// readers take for the end of a text), as `\xNN` in upper-case hex; a backslash of the text's own
// that begins such a `\xNN` as `\x5C`; then ShortenLabelValue. Not yet escaped for a format.
// Thread-safe.
[[nodiscard]] std::string LabelText(std::string_view bytes);

}  // namespace bullmq_exporter
