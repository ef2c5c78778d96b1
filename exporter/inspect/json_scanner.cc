#include "exporter/inspect/json_scanner.h"

#include <rapidjson/document.h>

#include <bitset>
#include <cstdint>
#include <cstring>

namespace bullmq_exporter {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Whether one of eight bytes of a string needs a look: a quote, a backslash, a control character.
// May say so where none does, never the reverse.
bool NeedsALook(const char* bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighs = 0x8080808080808080u;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v & kHighs; };
  const std::uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;
  return (has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\')) | control) != 0;
}

class JsonScanner {
 public:
  JsonScanner(std::string_view text, std::string_view member)
      : at_(text.data()), end_(at_ + text.size()), member_(member) {}

  std::optional<ScannedJson> Scan() {
    SkipBlanks();
    result_.is_array = at_ != end_ && *at_ == '[';
    if (!ScanValues()) return std::nullopt;
    SkipBlanks();
    if (at_ != end_) return std::nullopt;
    return result_;
  }

 private:
  // Scans values until the outermost has ended. Each round is at the beginning of a value, or at
  // what may follow one.
  bool ScanValues() {
    bool opened = false;
    if (!ScanOneValue(opened)) return false;
    while (depth_ > 0) {
      SkipBlanks();
      if (opened && Take(is_object_[depth_ - 1] ? '}' : ']')) {
        Close();
        opened = false;
        continue;
      }
      if (!opened) {
        if (Take(is_object_[depth_ - 1] ? '}' : ']')) {
          Close();
          continue;
        }
        if (!Take(',')) return false;
        SkipBlanks();
      }
      if (is_object_[depth_ - 1] && !ScanKey()) return false;
      SkipBlanks();
      if (!ScanOneValue(opened)) return false;
    }
    return true;
  }

  // A scalar, or the beginning of an object or array.
  bool ScanOneValue(bool& opened) {
    opened = false;
    if (at_ == end_) return false;
    const char* const begin = at_;
    if (*at_ == '{' || *at_ == '[') {
      opened = true;
      return Open(*at_++ == '{');
    }
    if (!ScanScalar()) return false;
    if (wanted_ && depth_ == 1) TakeMember(begin);
    return true;
  }

  bool ScanScalar() {
    switch (*at_) {
      case '"': return ScanString();
      case 't': return TakeWord("true");
      case 'f': return TakeWord("false");
      case 'n': return TakeWord("null");
      default: return ScanNumber();
    }
  }

  bool Open(bool object) {
    if (depth_ == kMaxJsonDepth) return false;
    if (wanted_ && depth_ == 1) member_begin_ = at_ - 1;
    is_object_[depth_++] = object;
    return true;
  }

  void Close() {
    --depth_;
    if (wanted_ && depth_ == 1) TakeMember(member_begin_);
  }

  void TakeMember(const char* begin) {
    result_.member = {begin, static_cast<std::size_t>(at_ - begin)};
    wanted_ = false;
  }

  bool ScanKey() {
    const char* const begin = at_;
    if (at_ == end_ || *at_ != '"' || !ScanString()) return false;
    if (depth_ == 1) wanted_ = IsMember({begin, static_cast<std::size_t>(at_ - begin)});
    SkipBlanks();
    return Take(':');
  }

  // `key` with its quotes. It may be spelled with escapes.
  [[nodiscard]] bool IsMember(std::string_view key) const {
    if (member_.empty()) return false;
    if (key.find('\\') == std::string_view::npos) return key.substr(1, key.size() - 2) == member_;
    rapidjson::Document decoded;
    decoded.Parse(key.data(), key.size());
    return decoded.IsString() &&
           std::string_view(decoded.GetString(), decoded.GetStringLength()) == member_;
  }

  bool ScanString() {
    ++at_;
    while (true) {
      while (end_ - at_ >= 8 && !NeedsALook(at_)) at_ += 8;
      if (at_ == end_) return false;
      const char c = *at_++;
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !ScanEscape()) return false;
    }
  }

  bool ScanEscape() {
    if (at_ == end_) return false;
    const char c = *at_++;
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    if (end_ - at_ < 4) return false;
    for (int i = 0; i < 4; ++i) {
      if (!IsHexDigit(*at_++)) return false;
    }
    return true;
  }

  bool ScanNumber() {
    Take('-');
    if (!Take('0') && !TakeDigits()) return false;
    if (Take('.') && !TakeDigits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      return TakeDigits();
    }
    return true;
  }

  bool TakeDigits() {
    const char* const begin = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != begin;
  }

  bool TakeWord(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  void SkipBlanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  const char* at_;
  const char* const end_;
  const std::string_view member_;
  ScannedJson result_;
  std::bitset<kMaxJsonDepth> is_object_;
  std::size_t depth_ = 0;
  bool wanted_ = false;  // the value of the member asked for is being scanned, at depth 1
  const char* member_begin_ = nullptr;
};

}  // namespace

std::optional<ScannedJson> ScanJson(std::string_view text, std::string_view member) {
  return JsonScanner(text, member).Scan();
}

}  // namespace bullmq_exporter
