// The finders of reason_patterns.h for quoted text: rule 5.

#include <algorithm>

#include "exporter/failures/ascii.h"
#include "exporter/failures/reason_patterns.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kMarks = "\"'`";

bool IsEscaped(std::string_view text, std::size_t pos) {
  std::size_t backslashes = 0;
  while (backslashes < pos && text[pos - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

// An apostrophe is none of these: it follows a letter.
bool CanFollowOpenApostrophe(std::string_view text, std::size_t pos) {
  constexpr std::string_view kBefore = " ([{=:,";
  return pos == 0 || kBefore.find(text[pos - 1]) != std::string_view::npos;
}

// `"{\"a\":1}"` is one text, and so is each `\"…\"` that stands in no other.
std::size_t FindClosingDoubleQuote(std::string_view text, std::size_t open) {
  std::size_t close = text.find('"', open + 1);
  if (IsEscaped(text, open)) return close;
  while (close != std::string_view::npos && IsEscaped(text, close))
    close = text.find('"', close + 1);
  return close;
}

// The first `'` that no letter or digit follows, so that 'Jane O'Brien' leaves no name behind; the
// first at all when there is none before another text begins.
std::size_t FindClosingApostrophe(std::string_view text, std::size_t open) {
  const std::size_t first = text.find('\'', open + 1);
  for (std::size_t close = first; close != std::string_view::npos;
       close = text.find('\'', close + 1)) {
    if (!HasAt(text, close + 1, IsLetterOrDigit)) return close;
    if (CanFollowOpenApostrophe(text, close)) break;
  }
  return first;
}

std::size_t FindClosing(std::string_view text, std::size_t open) {
  switch (text[open]) {
    case '"': return FindClosingDoubleQuote(text, open);
    case '\'': return FindClosingApostrophe(text, open);
    default: return text.find('`', open + 1);
  }
}

// The first mark at or after `from` that can begin a quoted text.
std::size_t FindOpening(std::string_view text, std::size_t from) {
  for (std::size_t pos = text.find_first_of(kMarks, from); pos != std::string_view::npos;
       pos = text.find_first_of(kMarks, pos + 1)) {
    if (text[pos] != '\'' || CanFollowOpenApostrophe(text, pos)) return pos;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<TextSpan> FindQuotedText(std::string_view text, std::size_t from) {
  for (std::size_t open = FindOpening(text, from); open != std::string_view::npos;
       open = FindOpening(text, open + 1)) {
    const std::size_t close = FindClosing(text, open);
    if (close != std::string_view::npos) return TextSpan{open, close + 1};
  }
  return std::nullopt;
}

std::optional<char> FindOpenQuote(std::string_view text) {
  std::size_t from = 0;
  while (const std::optional<TextSpan> quoted = FindQuotedText(text, from)) from = quoted->end;
  const std::size_t open = FindOpening(text, from);
  if (open == std::string_view::npos) return std::nullopt;
  return text[open];
}

}  // namespace bullmq_exporter
