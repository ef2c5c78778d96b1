#include "exporter/bullmq/queue_keys.h"

#include <array>

namespace bullmq_exporter::queue_keys {

namespace {

// One glob for the suffixes :meta, :id and :events: SCAN takes a single pattern, and three passes
// cost thrice.
constexpr std::string_view kQueueSuffixes = ":[mie][edv]*";

std::string EscapeGlob(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("*?[]\\^").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string ScanPattern(std::string_view prefix) {
  return EscapeGlob(prefix) + ":*" + std::string(kQueueSuffixes);
}

std::string ScanPatternForAll(std::string_view common) {
  return EscapeGlob(common) + "*" + std::string(kQueueSuffixes);
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
