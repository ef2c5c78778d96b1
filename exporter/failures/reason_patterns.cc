#include "exporter/failures/reason_patterns.h"

#include "exporter/failures/ascii.h"

namespace bullmq_exporter {
namespace {

constexpr bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

constexpr bool IsSchemeCharacter(char c) {
  return IsLetterOrDigit(c) || c == '+' || c == '.' || c == '-';
}

constexpr bool IsUrlCharacter(char c) {
  return c != ' ' && !IsQuote(c) && c != '<' && c != '>' && c != ')';
}

constexpr bool IsDomainCharacter(char c) {
  return IsLetterOrDigit(c) || c == '.' || c == '-' || !IsAscii(c);
}

constexpr bool IsLocalPartCharacter(char c) {
  return IsDomainCharacter(c) || c == '_' || c == '%' || c == '+';
}

// `count` digits and no more; returns the position after them.
std::optional<std::size_t> ReadDigits(std::string_view text, std::size_t pos, std::size_t count) {
  const std::size_t end = pos + count;
  if (end > text.size() || HasAt(text, end, IsDigit)) return std::nullopt;
  if (SkipWhile(text.substr(0, end), pos, IsDigit) != end) return std::nullopt;
  return end;
}

int TwoDigits(std::string_view text, std::size_t pos) {
  return (text[pos] - '0') * 10 + (text[pos + 1] - '0');
}

std::optional<std::size_t> ReadDate(std::string_view text, std::size_t pos) {
  const std::optional<std::size_t> year = ReadDigits(text, pos, 4);
  if (!year || text.substr(*year, 1) != "-") return std::nullopt;
  const std::optional<std::size_t> month = ReadDigits(text, *year + 1, 2);
  if (!month || text.substr(*month, 1) != "-") return std::nullopt;
  const std::optional<std::size_t> day = ReadDigits(text, *month + 1, 2);
  if (!day) return std::nullopt;
  const int month_number = TwoDigits(text, *year + 1);
  const int day_number = TwoDigits(text, *month + 1);
  if (month_number < 1 || month_number > 12 || day_number < 1 || day_number > 31)
    return std::nullopt;
  return day;
}

// `06:07`, `06:07:29`, `06:07:29.552`.
std::optional<std::size_t> ReadTimeOfDay(std::string_view text, std::size_t pos) {
  const std::optional<std::size_t> hour = ReadDigits(text, pos, 2);
  if (!hour || text.substr(*hour, 1) != ":") return std::nullopt;
  const std::optional<std::size_t> minute = ReadDigits(text, *hour + 1, 2);
  if (!minute || text.substr(*minute, 1) != ":") return minute;
  const std::optional<std::size_t> second = ReadDigits(text, *minute + 1, 2);
  if (!second) return minute;
  const bool has_fraction = HasAt(text, *second, [](char c) { return c == '.' || c == ','; }) &&
                            HasAt(text, *second + 1, IsDigit);
  return has_fraction ? SkipWhile(text, *second + 1, IsDigit) : *second;
}

// `Z`, `UTC`, `GMT`, `+01`, `+0100`, `+01:00`.
std::optional<std::size_t> ReadZone(std::string_view text, std::size_t pos) {
  for (const std::string_view name : {"Z", "UTC", "GMT"}) {
    const std::size_t end = pos + name.size();
    if (text.substr(pos, name.size()) == name && !HasAt(text, end, IsLetterOrDigit)) return end;
  }
  if (!HasAt(text, pos, [](char c) { return c == '+' || c == '-'; })) return std::nullopt;
  if (const std::optional<std::size_t> compact = ReadDigits(text, pos + 1, 4)) return compact;
  const std::optional<std::size_t> hours = ReadDigits(text, pos + 1, 2);
  if (!hours || text.substr(*hours, 1) != ":") return hours;
  const std::optional<std::size_t> minutes = ReadDigits(text, *hours + 1, 2);
  return minutes ? minutes : hours;
}

std::size_t EndOfTime(std::string_view text, std::size_t end_of_date) {
  if (!HasAt(text, end_of_date, [](char c) { return c == 'T' || c == 't' || c == ' '; })) {
    return end_of_date;
  }
  const std::optional<std::size_t> time = ReadTimeOfDay(text, end_of_date + 1);
  if (!time) return end_of_date;
  std::size_t end = *time;
  // Twice: Go writes `+0000 UTC`.
  for (int i = 0; i < 2; ++i) {
    const bool blank = text.substr(end, 1) == " ";
    if (const std::optional<std::size_t> zone = ReadZone(text, blank ? end + 1 : end)) end = *zone;
  }
  return end;
}

std::optional<std::size_t> ReadUuid(std::string_view text, std::size_t pos) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() - pos < kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const char c = text[pos + i];
    if (kShape[i] == '-' ? c != '-' : !IsHexDigit(c)) return std::nullopt;
  }
  const std::size_t end = pos + kShape.size();
  if (HasAt(text, end, IsLetterOrDigit)) return std::nullopt;
  return end;
}

}  // namespace

std::optional<TextSpan> FindUrl(std::string_view text, std::size_t from) {
  constexpr std::string_view kMark = "://";
  for (std::size_t mark = text.find(kMark, from); mark != std::string_view::npos;
       mark = text.find(kMark, mark + 1)) {
    std::size_t begin = mark;
    while (begin > from && IsSchemeCharacter(text[begin - 1])) --begin;
    while (begin < mark && !IsLetter(text[begin])) ++begin;  // a scheme begins with a letter
    if (begin < mark) return TextSpan{begin, SkipWhile(text, mark + kMark.size(), IsUrlCharacter)};
  }
  return std::nullopt;
}

std::optional<TextSpan> FindEmail(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('@', from); at != std::string_view::npos;
       at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > from && IsLocalPartCharacter(text[begin - 1])) --begin;
    const std::size_t end = SkipWhile(text, at + 1, IsDomainCharacter);
    if (begin < at && end > at + 1) return TextSpan{begin, end};
  }
  return std::nullopt;
}

std::optional<TextSpan> FindTime(std::string_view text, std::size_t from) {
  for (std::size_t pos = from; pos < text.size(); ++pos) {
    if (!IsDigit(text[pos]) || HasBefore(text, pos, IsLetterOrDigit)) continue;
    if (const std::optional<std::size_t> date = ReadDate(text, pos)) {
      return TextSpan{pos, EndOfTime(text, *date)};
    }
  }
  return std::nullopt;
}

std::optional<TextSpan> FindUuid(std::string_view text, std::size_t from) {
  for (std::size_t pos = from; pos < text.size(); ++pos) {
    if (!IsHexDigit(text[pos]) || HasBefore(text, pos, IsLetterOrDigit)) continue;
    if (const std::optional<std::size_t> end = ReadUuid(text, pos)) return TextSpan{pos, *end};
  }
  return std::nullopt;
}

}  // namespace bullmq_exporter
