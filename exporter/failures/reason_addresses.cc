// The finders of reason_patterns.h for network addresses and paths: rules 6 and 7.

#include "exporter/failures/ascii.h"
#include "exporter/failures/reason_patterns.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMaxPortDigits = 5;
constexpr std::size_t kMaxHexDigitsOfGroup = 4;
constexpr int kMinIpv6Groups = 4;

constexpr bool TouchesAddress(char c) { return IsLetterOrDigit(c) || c == '_'; }

// A number of 0 to 255; returns the position after it.
std::optional<std::size_t> ReadByte(std::string_view text, std::size_t pos) {
  const std::size_t end = SkipWhile(text.substr(0, pos + 4), pos, IsDigit);
  const std::size_t digits = end - pos;
  if (digits == 0 || digits > 3) return std::nullopt;
  if (digits == 3 && text.substr(pos, 3) > "255") return std::nullopt;
  return end;
}

// `10.0.0.5`; neither a letter nor a digit nor `.5` may follow.
std::optional<std::size_t> ReadIpv4(std::string_view text, std::size_t pos) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.substr(pos, 1) != ".") return std::nullopt;
      ++pos;
    }
    const std::optional<std::size_t> end = ReadByte(text, pos);
    if (!end) return std::nullopt;
    pos = *end;
  }
  if (HasAt(text, pos, TouchesAddress)) return std::nullopt;
  if (text.substr(pos, 1) == "." && HasAt(text, pos + 1, IsDigit)) return std::nullopt;
  return pos;
}

// `:5432` when it is there; returns the position after it, else `pos`.
std::size_t SkipPort(std::string_view text, std::size_t pos) {
  if (text.substr(pos, 1) != ":") return pos;
  const std::size_t end = SkipWhile(text.substr(0, pos + 2 + kMaxPortDigits), pos + 1, IsDigit);
  const std::size_t digits = end - (pos + 1);
  if (digits == 0 || digits > kMaxPortDigits || HasAt(text, end, TouchesAddress)) return pos;
  return end;
}

// Reads groups one after the other. Any number of them will do: a port behind an address without
// brackets looks like a group, and so do the six pairs of a MAC address.
class Ipv6Reader {
 public:
  Ipv6Reader(std::string_view text, std::size_t pos) : text_(text), pos_(pos) {}

  // The position after the address and a port of more than four digits.
  std::optional<std::size_t> Read() {
    SkipDoubleColon();
    while (ReadGroup() && SkipColon()) {
    }
    if (groups_ < kMinIpv6Groups) return std::nullopt;
    return end_;
  }

 private:
  // Returns whether another group may follow.
  bool ReadGroup() {
    if (const std::optional<std::size_t> ipv4 = ReadIpv4(text_, pos_)) {
      groups_ += 2;
      end_ = SkipPort(text_, *ipv4);
      return false;
    }
    const std::size_t end = SkipWhile(text_.substr(0, pos_ + kMaxPortDigits + 1), pos_, IsHexDigit);
    const std::size_t digits = end - pos_;
    if (digits == 0 || HasAt(text_, end, TouchesAddress)) return false;
    if (digits > kMaxHexDigitsOfGroup) {
      if (end_ + 1 == pos_) end_ = SkipPort(text_, end_);
      return false;
    }
    ++groups_;
    pos_ = end_ = end;
    return true;
  }

  // The colon between two groups; `::` once, and also at the end.
  bool SkipColon() {
    if (SkipDoubleColon()) return true;
    if (text_.substr(pos_, 1) != ":") return false;
    ++pos_;
    return true;
  }

  bool SkipDoubleColon() {
    if (had_double_colon_ || text_.substr(pos_, 2) != "::") return false;
    had_double_colon_ = true;
    ++groups_;
    pos_ += 2;
    if (!HasAt(text_, pos_, TouchesAddress)) end_ = pos_;
    return true;
  }

  std::string_view text_;
  std::size_t pos_;
  std::size_t end_ = 0;  // after what has been accepted
  int groups_ = 0;
  bool had_double_colon_ = false;
};

// `%eth0` behind an IPv6 address.
std::size_t SkipZone(std::string_view text, std::size_t pos) {
  if (text.substr(pos, 1) != "%" || !HasAt(text, pos + 1, IsLetterOrDigit)) return pos;
  return SkipWhile(text, pos + 1, IsLetterOrDigit);
}

std::optional<std::size_t> ReadBracketed(std::string_view text, std::size_t pos) {
  const std::optional<std::size_t> address = Ipv6Reader(text, pos + 1).Read();
  if (!address) return std::nullopt;
  const std::size_t end = SkipZone(text, *address);
  if (text.substr(end, 1) != "]") return std::nullopt;
  return SkipPort(text, end + 1);
}

std::optional<std::size_t> ReadAddress(std::string_view text, std::size_t pos) {
  if (text[pos] == '[') return ReadBracketed(text, pos);
  if (HasBefore(text, pos, TouchesAddress)) return std::nullopt;
  const bool continues_number = pos > 1 && text[pos - 1] == '.' && IsDigit(text[pos - 2]);
  if (IsDigit(text[pos]) && !continues_number) {
    if (const std::optional<std::size_t> ipv4 = ReadIpv4(text, pos)) return SkipPort(text, *ipv4);
  }
  if (!IsHexDigit(text[pos]) && text[pos] != ':') return std::nullopt;
  const std::optional<std::size_t> ipv6 = Ipv6Reader(text, pos).Read();
  if (!ipv6) return std::nullopt;
  return SkipZone(text, *ipv6);
}

constexpr bool IsSlash(char c) { return c == '/' || c == '\\'; }

constexpr bool EndsPath(char c) {
  constexpr std::string_view kEnds = " \"'`<>()[]{},;:|";
  return kEnds.find(c) != std::string_view::npos;
}

// The length of `<word>` at `pos`, 0 when there is none.
std::size_t PlaceholderLength(std::string_view text, std::size_t pos) {
  constexpr std::size_t kLongestWord = 5;
  if (text.substr(pos, 1) != "<") return 0;
  const std::size_t end = SkipWhile(text.substr(0, pos + 1 + kLongestWord), pos + 1, IsLetter);
  return end > pos + 1 && text.substr(end, 1) == ">" ? end + 1 - pos : 0;
}

struct PathReading {
  std::size_t end = 0;
  int segments = 0;  // that are not empty
};

template <typename Separator>
PathReading ReadSegments(std::string_view text, std::size_t pos, Separator is_separator) {
  PathReading path;
  bool in_segment = false;
  while (pos < text.size()) {
    const std::size_t placeholder = PlaceholderLength(text, pos);
    if (placeholder == 0 && EndsPath(text[pos])) break;
    const bool separates = is_separator(text[pos]);
    if (!separates && !in_segment) ++path.segments;
    in_segment = !separates;
    pos += placeholder == 0 ? 1 : placeholder;
  }
  path.end = pos;
  return path;
}

std::optional<std::size_t> ReadUnixPath(std::string_view text, std::size_t pos) {
  constexpr std::string_view kBefore = " (=:,";
  if (text[pos] != '/') return std::nullopt;
  if (pos > 0 && kBefore.find(text[pos - 1]) == std::string_view::npos) return std::nullopt;
  const PathReading path = ReadSegments(text, pos, [](char c) { return c == '/'; });
  if (path.segments < 2) return std::nullopt;
  return path.end;
}

// `C:\Users\Jane Doe\mail.txt` is one path: what follows a blank belongs to it when a backslash
// comes before anything that ends a path.
std::size_t SkipBlanksWithinWindowsPath(std::string_view text, std::size_t end) {
  while (text.substr(end, 1) == " ") {
    const std::size_t next =
        SkipWhile(text, end, [](char c) { return c == ' ' || (!EndsPath(c) && c != '\\'); });
    if (text.substr(next, 1) != "\\" || text[next - 1] == ' ') break;
    end = ReadSegments(text, next, IsSlash).end;
  }
  return end;
}

std::optional<std::size_t> ReadWindowsPath(std::string_view text, std::size_t pos) {
  const bool has_drive = IsLetter(text[pos]) && !HasBefore(text, pos, IsLetterOrDigit) &&
                         text.substr(pos + 1, 1) == ":" && HasAt(text, pos + 2, IsSlash);
  const bool has_server = text.substr(pos, 2) == "\\\\" && HasAt(text, pos + 2, IsLetterOrDigit);
  if (!has_drive && !has_server) return std::nullopt;
  const PathReading path = ReadSegments(text, has_drive ? pos + 2 : pos, IsSlash);
  if (path.segments < (has_drive ? 1 : 2)) return std::nullopt;
  return SkipBlanksWithinWindowsPath(text, path.end);
}

}  // namespace

std::optional<TextSpan> FindAddress(std::string_view text, std::size_t from) {
  for (std::size_t pos = from; pos < text.size(); ++pos) {
    if (const std::optional<std::size_t> end = ReadAddress(text, pos)) return TextSpan{pos, *end};
  }
  return std::nullopt;
}

std::optional<TextSpan> FindPath(std::string_view text, std::size_t from) {
  for (std::size_t pos = from; pos < text.size(); ++pos) {
    if (const std::optional<std::size_t> end = ReadUnixPath(text, pos)) return TextSpan{pos, *end};
    if (const std::optional<std::size_t> end = ReadWindowsPath(text, pos))
      return TextSpan{pos, *end};
  }
  return std::nullopt;
}

}  // namespace bullmq_exporter
