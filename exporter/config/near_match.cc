#include "exporter/config/near_match.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMaxLength = 64;  // longer words are not compared: the cost is quadratic

char Folded(char c) {
  if (c == '_') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = Folded(a[i - 1]) == Folded(b[j - 1]);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && Folded(a[i - 1]) == Folded(b[j - 2]) &&
          Folded(a[i - 2]) == Folded(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(row);
  }
  return previous[b.size()];
}

}  // namespace

std::string NearMatch(std::string_view word, std::span<const std::string> candidates) {
  std::string nearest;
  std::size_t fewest = kMaxLength;
  if (word.size() > kMaxLength) return nearest;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = EditDistance(word, candidate);
    if (edits * 3 <= candidate.size() && edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string Suggestion(std::string_view word, std::span<const std::string> candidates) {
  const std::string nearest = NearMatch(word, candidates);
  return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

}  // namespace bullmq_exporter
