#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Text from Redis is bytes: names, ids and reasons can hold anything. These functions make of it
// text that is valid UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF), in
// linear time. NUL is a character like any other. All are pure and thread-safe.

namespace bullmq_exporter {

// U+FFFD, what stands for bytes that are no character.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// One step through a text: a character, or a run of bytes that is none.
struct Utf8Step {
  char32_t code_point = 0;  // U+FFFD when `valid` is false
  std::size_t length = 0;   // bytes, 1 to 4; never more than the text has
  bool valid = false;
};

// Reads what `text` begins with; `text` must not be empty. Bytes that are no character are taken in
// the same runs as Node.js and browsers take them (the 'maximal subpart' of a character that was
// begun), so that each run becomes one U+FFFD in both.
[[nodiscard]] Utf8Step DecodeUtf8(std::string_view text);

[[nodiscard]] bool IsValidUtf8(std::string_view text);

// `text` with each run of invalid bytes (see DecodeUtf8) replaced by one U+FFFD: for text to be
// read. At most three times as long as `text`.
[[nodiscard]] std::string ReplaceInvalidUtf8(std::string_view text);

// Appends each of the bytes as `\xNN`, in upper-case hex.
void AppendEscaped(std::string& text, std::string_view bytes);

// `text` with each invalid byte so: for names and ids, which must stay apart from each other. A
// backslash of the text itself stays as it is. At most four times as long.
[[nodiscard]] std::string EscapeInvalidUtf8(std::string_view text);

// The same, and each byte of a character that is not to be shown as it is: control characters, ends
// of lines and paragraphs, marks that turn the direction of writing. For terminals and logs, which
// nobody may steer by a name. At most four times as long.
[[nodiscard]] std::string EscapeUnprintable(std::string_view text);

// The longest beginning of `text` that has at most `max_bytes` bytes and does not cut a character
// in two. Invalid bytes may be cut anywhere. The result points into `text`.
[[nodiscard]] std::string_view Utf8Prefix(std::string_view text, std::size_t max_bytes);

}  // namespace bullmq_exporter
