#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// Finders for what varies in the text of an error: addresses, ids, numbers, quoted text. They are
// what the rules of failure_class.cc are made of; each knows one kind of thing and nothing of the
// others.
//
// Each returns the first such thing in `text` that begins at or after `from`, or nothing. What
// stands before `from` is only looked at to see where a word begins. `text` is one line of valid
// UTF-8 whose only white space is the blank. 'Letters' and 'digits' are those of ASCII, so that a
// number between ideographs stands alone. Calling a finder again from the end of its last answer
// reads a text in linear time, whatever it holds. All are pure and thread-safe.

namespace bullmq_exporter {

// Bytes [begin, end) of a text; never empty.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// `scheme://` up to a blank, a quote, `<`, `>` or `)`.
[[nodiscard]] std::optional<TextSpan> FindUrl(std::string_view text, std::size_t from);

// `local@domain`: letters, digits, `. _ % + -` on the left, letters, digits, `. -` on the right.
// Characters outside ASCII count as letters here, so that nothing of such an address is left over.
[[nodiscard]] std::optional<TextSpan> FindEmail(std::string_view text, std::size_t from);

// A date `2026-01-31`, with what follows of ` 06:07`, `T06:07:29`, `.552`, `Z`, `+01:00`, ` UTC`.
[[nodiscard]] std::optional<TextSpan> FindTime(std::string_view text, std::size_t from);

// 8-4-4-4-12 hex digits that no letter or digit touches.
[[nodiscard]] std::optional<TextSpan> FindUuid(std::string_view text, std::size_t from);

// Text in `"…"`, in backquotes, or in `'…'` that begins the line or follows a blank or one of
// `( [ { = : ,`; with its marks. `\"` does not end what `"` began, nor does the apostrophe inside
// of 'Jane O'Brien' end that.
[[nodiscard]] std::optional<TextSpan> FindQuotedText(std::string_view text, std::size_t from);

// The mark (`"`, `'` or a backquote) that begins a quoted text which does not end within `text`.
[[nodiscard]] std::optional<char> FindOpenQuote(std::string_view text);

// An IPv4 address; an IPv6 address of at least four groups, in brackets or not (`::` counts as one
// group, since it stands for at least one; an IPv4 tail as two); with its port.
[[nodiscard]] std::optional<TextSpan> FindAddress(std::string_view text, std::size_t from);

// A path of two segments or more that begins with `/` at the start of the text or after a blank or
// one of `( = : ,`; a Windows path (`C:\…`, `\\server\share…`), blanks within it included. It ends
// before a blank, a quote or one of `< > ( ) [ ] { } , ; : |`, but `<word>` (what an earlier rule
// put there) is part of it.
[[nodiscard]] std::optional<TextSpan> FindPath(std::string_view text, std::size_t from);

// Words are of letters, digits, `_` and `-` and begin with a letter or a digit.

// A word `0x…`, or of 8 or more hex digits with at least one of `0-9` and one of `a-f` (or `A-F`).
[[nodiscard]] std::optional<TextSpan> FindHexWord(std::string_view text, std::size_t from);

// A word of 32 or more; or of 8 or more with a letter, a quarter or more of it digits; or of 20 or
// more lower-case letters and digits, two of them digits at least.
[[nodiscard]] std::optional<TextSpan> FindIdWord(std::string_view text, std::size_t from);

// A number with its fraction that stands alone (no letter, digit or `_` touches it) or is followed
// by up to three letters or `%`. The span is the number without them.
[[nodiscard]] std::optional<TextSpan> FindNumber(std::string_view text, std::size_t from);

}  // namespace bullmq_exporter
