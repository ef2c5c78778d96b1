#include "exporter/base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace bullmq_exporter {
namespace {

// What a lead byte asks for. The second byte's range is what excludes overlong forms, surrogates
// and code points above U+10FFFF (Unicode 15, table 3-7); all later bytes are 80..BF.
struct LeadByte {
  std::size_t length = 0;  // 0: no character begins with this byte
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

LeadByte ClassifyLead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

char32_t LeadBits(unsigned char byte, std::size_t length) {
  switch (length) {
    case 2: return byte & 0x1Fu;
    case 3: return byte & 0x0Fu;
    default: return byte & 0x07u;
  }
}

// Almost all text is ASCII: eight bytes at a time.
std::size_t AsciiPrefixLength(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t pos = 0;
  while (pos + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + pos, sizeof(word));
    if ((word & kHighBits) != 0) break;
    pos += sizeof(word);
  }
  while (pos < text.size() && static_cast<unsigned char>(text[pos]) < 0x80) ++pos;
  return pos;
}

// Length of the longest valid beginning.
std::size_t ValidPrefixLength(std::string_view text) {
  std::size_t pos = 0;
  while (true) {
    pos += AsciiPrefixLength(text.substr(pos));
    if (pos == text.size()) return pos;
    const Utf8Step step = DecodeUtf8(text.substr(pos));
    if (!step.valid) return pos;
    pos += step.length;
  }
}

// Copies `text` and hands each run of invalid bytes to `append_invalid(run, out)`.
template <typename AppendInvalid>
std::string CopyWithInvalid(std::string_view text, AppendInvalid append_invalid) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t valid = ValidPrefixLength(text);
    out.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) break;
    const std::size_t run = DecodeUtf8(text).length;
    append_invalid(text.substr(0, run), out);
    text.remove_prefix(run);
  }
  return out;
}

bool IsPrintable(const Utf8Step& step) {
  const char32_t c = step.code_point;
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
  const bool direction = (c >= 0x200e && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
                         (c >= 0x2066 && c <= 0x2069) || c == 0x061c;
  return step.valid && !control && !direction;
}

}  // namespace

Utf8Step DecodeUtf8(std::string_view text) {
  const auto byte_at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const LeadByte lead = ClassifyLead(byte_at(0));
  if (lead.length == 1) return {byte_at(0), 1, true};
  if (lead.length == 0) return {U'\uFFFD', 1, false};
  char32_t code_point = LeadBits(byte_at(0), lead.length);
  for (std::size_t i = 1; i < lead.length; ++i) {
    const unsigned char low = i == 1 ? lead.second_low : 0x80;
    const unsigned char high = i == 1 ? lead.second_high : 0xBF;
    if (i == text.size() || byte_at(i) < low || byte_at(i) > high) return {U'\uFFFD', i, false};
    code_point = (code_point << 6) | (byte_at(i) & 0x3Fu);
  }
  return {code_point, lead.length, true};
}

bool IsValidUtf8(std::string_view text) { return ValidPrefixLength(text) == text.size(); }

std::string ReplaceInvalidUtf8(std::string_view text) {
  return CopyWithInvalid(
      text, [](std::string_view /*run*/, std::string& out) { out.append(kReplacementCharacter); });
}

void AppendEscaped(std::string& text, std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.append("\\x");
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 0x0Fu]);
  }
}

std::string EscapeInvalidUtf8(std::string_view text) {
  return CopyWithInvalid(text,
                         [](std::string_view run, std::string& out) { AppendEscaped(out, run); });
}

std::string EscapeUnprintable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Step step = DecodeUtf8(text);
    const std::string_view character = text.substr(0, step.length);
    if (IsPrintable(step)) {
      out.append(character);
    } else {
      AppendEscaped(out, character);
    }
    text.remove_prefix(step.length);
  }
  return out;
}

std::string_view Utf8Prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  // A character that the cut would split begins at most three bytes before it.
  const std::size_t earliest = max_bytes - std::min<std::size_t>(max_bytes, 3);
  for (std::size_t start = max_bytes; start-- > earliest;) {
    const Utf8Step step = DecodeUtf8(text.substr(start));
    if (step.valid) return text.substr(0, start + step.length > max_bytes ? start : max_bytes);
  }
  return text.substr(0, max_bytes);
}

}  // namespace bullmq_exporter
