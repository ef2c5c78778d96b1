#include "exporter/bullmq/queue_keys.h"

#include <array>

namespace bullmq_exporter::queue_keys {

std::string ScanPattern(std::string_view prefix) {
  std::string pattern;
  for (const char c : prefix) {
    if (std::string_view("*?[]\\^").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  // One glob for the three suffixes: SCAN takes a single pattern, and three passes cost thrice.
  return pattern + ":*:[mie][edv]*";
}

std::optional<QueueId> QueueOfKey(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix) || key.substr(prefix.size(), 1) != ":") return std::nullopt;
  const std::string_view rest = key.substr(prefix.size() + 1);
  for (const std::string_view suffix : std::array<std::string_view, 3>{":meta", ":id", ":events"}) {
    if (rest.size() > suffix.size() && rest.ends_with(suffix)) {
      return QueueId{std::string(prefix), std::string(rest.substr(0, rest.size() - suffix.size()))};
    }
  }
  return std::nullopt;
}

}  // namespace bullmq_exporter::queue_keys
