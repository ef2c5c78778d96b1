#include "exporter/failures/failure_class.h"

#include <algorithm>
#include <array>
#include <optional>

#include "exporter/base/utf8.h"
#include "exporter/failures/ascii.h"
#include "exporter/failures/reason_patterns.h"

namespace bullmq_exporter {
namespace {

struct Rule {
  std::optional<TextSpan> (*find)(std::string_view text, std::size_t from);
  std::string_view replacement;
};

// Applied one after the other, each to the whole line: what an earlier rule replaced is nothing to
// a later one. The order matters: a URL may hold an e-mail address, a UUID is also a word with many
// digits.
constexpr std::array kRules = {
    Rule{FindUrl, "<url>"},          // https://example.org/x?y=1
    Rule{FindEmail, "<email>"},      // jane.doe@example.org
    Rule{FindTime, "<time>"},        // 2026-01-31T06:07:29.552Z
    Rule{FindUuid, "<uuid>"},        // 0191d5a0-7f3c-7000-8000-0123456789ab
    Rule{FindQuotedText, "<text>"},  // "…" '…' `…`
    Rule{FindAddress, "<addr>"},     // 10.0.0.5:5432
    Rule{FindPath, "<path>"},        // /var/data/mail.eml
    Rule{FindHexWord, "<hex>"},      // 5f2b8c01deadbeef
    Rule{FindIdWord, "<id>"},        // clx1y2z3a0000b4d2e5f6g7h8
    Rule{FindNumber, "<n>"},         // 98.5
};

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// The part of an e-mail address before `@` has at most 64 bytes (RFC 5321).
constexpr std::size_t kMaxSplitWordBytes = 64;

std::string Apply(const Rule& rule, std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t pos = 0;
  while (const std::optional<TextSpan> span = rule.find(text, pos)) {
    out.append(text.substr(pos, span->begin - pos)).append(rule.replacement);
    pos = span->end;
  }
  return out.append(text.substr(pos));
}

bool IsWhiteSpace(char32_t c) {
  if (c <= 0x20 || (c >= 0x7F && c <= 0xA0)) return true;  // with the control characters
  if (c >= 0x2000 && c <= 0x200A) return true;
  constexpr std::u32string_view kOthers = U"\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF";
  return kOthers.find(c) != std::u32string_view::npos;
}

constexpr bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

std::string_view SkipWhiteSpace(std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = DecodeUtf8(text);
    if (!step.valid || !IsWhiteSpace(step.code_point)) break;
    text.remove_prefix(step.length);
  }
  return text;
}

// What the limit on bytes leaves of a line, without the word that it would split.
std::string_view CutLine(std::string_view line) {
  const std::string_view cut = Utf8Prefix(line, kMaxReasonLineBytes);
  if (cut.size() == line.size()) return line;
  constexpr std::string_view kBetweenWords = " \t\"'`<>()[]{},;:=/\\";
  if (kBetweenWords.find(line[cut.size()]) != std::string_view::npos) return cut;
  const std::size_t before_word = cut.find_last_of(kBetweenWords);
  const bool is_word =
      before_word != std::string_view::npos && cut.size() - before_word - 1 <= kMaxSplitWordBytes;
  return is_word ? cut.substr(0, before_word + 1) : cut;
}

// Valid UTF-8 with a blank for each white space.
std::string WithBlanks(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  while (!line.empty()) {
    const Utf8Step step = DecodeUtf8(line);
    if (!step.valid) {
      out.append(kReplacementCharacter);
    } else if (IsWhiteSpace(step.code_point)) {
      out.push_back(' ');
    } else {
      out.append(line.substr(0, step.length));
    }
    line.remove_prefix(step.length);
  }
  return out;
}

// The text without blanks at its ends, and with single ones within.
std::string WithSingleBlanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out.push_back(c);
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string CutToCharacters(std::string text) {
  std::size_t characters = 0;
  std::size_t end_of_kept = 0;  // after kMaxClassCharacters - 1 characters
  for (std::size_t pos = 0; pos < text.size();
       pos += DecodeUtf8(std::string_view(text).substr(pos)).length) {
    if (characters == kMaxClassCharacters - 1) end_of_kept = pos;
    ++characters;
  }
  if (characters <= kMaxClassCharacters) return text;
  text.resize(end_of_kept);
  return text.append(kEllipsis);
}

bool IsFailedChild(std::string_view reason) {
  constexpr std::string_view kBegin = "child ";
  constexpr std::string_view kEnd = " failed";
  return reason.size() > kBegin.size() + kEnd.size() && reason.starts_with(kBegin) &&
         reason.ends_with(kEnd);
}

// Classes that no rule makes; empty when `text`, which is trimmed, is none of them.
std::string_view SpecialClass(std::string_view text) {
  if (text.empty()) return "(empty)";
  if (text == "null" || text == "undefined") return "(no error object)";
  if (IsFailedChild(text)) return "child failed";
  return {};
}

// The first line of `reason` as far as it is read, with blanks for white space.
std::string FirstLine(std::string_view reason) {
  const auto line_end = std::ranges::find_if(reason, IsLineEnd);
  const std::string_view line =
      CutLine(reason.substr(0, static_cast<std::size_t>(line_end - reason.begin())));
  const std::string_view rest = reason.substr(line.size());
  std::string text = WithBlanks(line);
  const std::optional<char> open_quote = FindOpenQuote(text);
  if (open_quote && rest.find(*open_quote) != std::string_view::npos) text.push_back(*open_quote);
  return text;
}

}  // namespace

std::string ClassifyFailure(std::string_view failed_reason) {
  const std::string_view reason = SkipWhiteSpace(failed_reason);
  const std::string_view trimmed = reason.substr(0, reason.find_last_not_of(" \t\n\v\f\r") + 1);
  // A child's key may hold line ends.
  if (const std::string_view special = SpecialClass(trimmed); !special.empty()) {
    return std::string(special);
  }
  std::string text = FirstLine(reason);
  if (const std::string_view special = SpecialClass(WithSingleBlanks(text)); !special.empty()) {
    return std::string(special);
  }
  for (const Rule& rule : kRules) text = Apply(rule, text);
  return CutToCharacters(WithSingleBlanks(text));
}

}  // namespace bullmq_exporter
