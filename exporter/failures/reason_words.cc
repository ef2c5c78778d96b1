// The finders of reason_patterns.h for words and numbers: rules 8 to 10.

#include "exporter/failures/ascii.h"
#include "exporter/failures/reason_patterns.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMinHexDigits = 8;
constexpr std::size_t kMinIdLength = 8;
constexpr std::size_t kAlwaysIdLength = 32;
constexpr std::size_t kMinCuidLength = 20;
constexpr std::size_t kMaxUnitLetters = 3;

constexpr bool IsWordCharacter(char c) { return IsLetterOrDigit(c) || c == '_' || c == '-'; }

std::optional<TextSpan> FindWord(std::string_view text, std::size_t from) {
  const std::size_t begin = SkipWhile(text, from, [](char c) { return !IsLetterOrDigit(c); });
  if (begin == text.size()) return std::nullopt;
  return TextSpan{begin, SkipWhile(text, begin, IsWordCharacter)};
}

template <typename Predicate>
std::optional<TextSpan> FindWordThat(std::string_view text, std::size_t from, Predicate is_it) {
  while (const std::optional<TextSpan> word = FindWord(text, from)) {
    if (is_it(text.substr(word->begin, word->end - word->begin))) return word;
    from = word->end;
  }
  return std::nullopt;
}

struct CharacterCounts {
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t hex_letters = 0;
};

CharacterCounts Count(std::string_view word) {
  CharacterCounts counts;
  for (const char c : word) {
    counts.digits += IsDigit(c) ? 1U : 0U;
    counts.letters += IsLetter(c) ? 1U : 0U;
    counts.hex_letters += IsHexLetter(c) ? 1U : 0U;
  }
  return counts;
}

bool IsHexWord(std::string_view word) {
  if (word.starts_with("0x") || word.starts_with("0X")) {
    return word.size() > 2 && SkipWhile(word, 2, IsHexDigit) == word.size();
  }
  const CharacterCounts counts = Count(word);
  return word.size() >= kMinHexDigits && counts.digits > 0 && counts.hex_letters > 0 &&
         counts.digits + counts.hex_letters == word.size();
}

// Ids of base 36 such as cuid's: a third of them have fewer digits than a quarter.
bool IsCuidLike(std::string_view word, const CharacterCounts& counts) {
  return word.size() >= kMinCuidLength && counts.digits >= 2 &&
         SkipWhile(word, 0, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z'); }) ==
             word.size();
}

bool IsIdWord(std::string_view word) {
  if (word.size() >= kAlwaysIdLength) return true;
  const CharacterCounts counts = Count(word);
  if (IsCuidLike(word, counts)) return true;
  return word.size() >= kMinIdLength && counts.letters > 0 && counts.digits * 4 >= word.size();
}

constexpr bool TouchesNumber(char c) { return IsLetterOrDigit(c) || c == '_'; }

}  // namespace

std::optional<TextSpan> FindHexWord(std::string_view text, std::size_t from) {
  return FindWordThat(text, from, IsHexWord);
}

std::optional<TextSpan> FindIdWord(std::string_view text, std::size_t from) {
  return FindWordThat(text, from, IsIdWord);
}

std::optional<TextSpan> FindNumber(std::string_view text, std::size_t from) {
  std::size_t pos = from;
  while (true) {
    const std::size_t begin = SkipWhile(text, pos, [](char c) { return !IsDigit(c); });
    if (begin == text.size()) return std::nullopt;
    std::size_t end = SkipWhile(text, begin, IsDigit);
    if (text.substr(end, 1) == "." && HasAt(text, end + 1, IsDigit)) {
      end = SkipWhile(text, end + 1, IsDigit);
    }
    const std::size_t end_of_unit = SkipWhile(text, end, IsLetter);
    const bool alone =
        end_of_unit - end <= kMaxUnitLetters && !HasAt(text, end_of_unit, TouchesNumber);
    if (alone && !HasBefore(text, begin, TouchesNumber)) return TextSpan{begin, end};
    pos = HasBefore(text, begin, TouchesNumber) ? SkipWhile(text, begin, IsDigit) : end_of_unit;
  }
}

}  // namespace bullmq_exporter
