#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bullmq_exporter {

// Objects and arrays within each other beyond which a text is not taken for JSON.
inline constexpr std::size_t kMaxJsonDepth = 512;

// What ScanJson found.
struct ScannedJson {
  bool is_array = false;    // the whole value is an array
  std::string_view member;  // the text of the value of the member asked for; empty: there is none
};

// Checks that `text`, valid UTF-8, is one value of JSON (RFC 8259) as JSON.parse takes it: so a
// lone surrogate `\ud800` is good, and a NUL byte or a byte order mark anywhere outside of strings,
// or a control character within one, is not. Nothing where it is none, or nested deeper than
// kMaxJsonDepth. Where the value is an object, `member` is looked for in it (its last occurrence,
// as JSON.parse); the result points into `text`. Linear time, no recursion, no memory.
//
// Of its own rather than a library's, for the text is then embedded as it is: RapidJSON and others
// accept what follows a NUL, refuse lone surrogates and numbers beyond a double, know no depth, and
// do not say where a value begins.
[[nodiscard]] std::optional<ScannedJson> ScanJson(std::string_view text,
                                                  std::string_view member = {});

}  // namespace bullmq_exporter
