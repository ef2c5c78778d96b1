#pragma once

#include <cstddef>
#include <string_view>

// Classes of ASCII characters, independent of the locale, and how far a run of such a class goes.

namespace bullmq_exporter {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr bool IsLetterOrDigit(char c) { return IsLetter(c) || IsDigit(c); }

constexpr bool IsHexLetter(char c) { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr bool IsHexDigit(char c) { return IsDigit(c) || IsHexLetter(c); }

constexpr bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The first position at or after `pos` whose character is not in the class; at most `text.size()`.
template <typename Class>
constexpr std::size_t SkipWhile(std::string_view text, std::size_t pos, Class in_class) {
  while (pos < text.size() && in_class(text[pos])) ++pos;
  return pos;
}

// Whether `text` has at `pos` a character of this class.
template <typename Class>
constexpr bool HasAt(std::string_view text, std::size_t pos, Class in_class) {
  return pos < text.size() && in_class(text[pos]);
}

// Whether the character before `pos` is there and is of this class.
template <typename Class>
constexpr bool HasBefore(std::string_view text, std::size_t pos, Class in_class) {
  return pos > 0 && in_class(text[pos - 1]);
}

}  // namespace bullmq_exporter
