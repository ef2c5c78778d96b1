#include "exporter/bullmq/worker_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace bullmq_exporter {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Strict: only what an encoder writes is a name, so that no other connection is taken for a worker.
std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes;
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const std::size_t value = pad ? 0 : kBase64.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 == 3) {
      for (const int shift : {16, 8, 0}) bytes += static_cast<char>(group >> shift & 0xff);
      group = 0;
    }
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

// The value of ` name=` in a line of CLIENT LIST; names hold no blank.
std::string_view ConnectionName(std::string_view line) {
  constexpr std::string_view kField = " name=";
  const std::size_t begin = line.find(kField);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = line.substr(begin + kField.size());
  return rest.substr(0, rest.find(' '));
}

// Counts one node's workers; false where the list is empty, which cannot be: we are a client too.
bool CountNode(std::string_view list, const QueueFilter& filter, WorkerCounts& counts) {
  bool any = false;
  while (!list.empty()) {
    const std::size_t end = list.find('\n');
    const std::string_view line = list.substr(0, end);
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
    any = any || line.find("addr=") != std::string_view::npos;
    if (const auto queue = QueueOfWorkerConnection(ConnectionName(line), filter)) ++counts[*queue];
  }
  return any;
}

}  // namespace

std::size_t AddWorkerQuestion(Pipeline& pipeline) {
  return pipeline.Add(Route::kEachNode, {"CLIENT", "LIST"});
}

Result<WorkerCounts> ReadWorkers(const Replies& replies, std::size_t index,
                                 const QueueFilter& filter) {
  WorkerCounts counts;
  for (const Reply& reply : replies.PerNode(index)) {
    if (reply.is_error()) return Fail(ErrorOf(reply).In("CLIENT LIST"));
    WorkerCounts of_node;
    if (!CountNode(reply.text, filter, of_node)) {
      return Fail(ErrorCode::kOther, "CLIENT LIST is empty");
    }
    for (const auto& [queue, workers] : of_node) {
      std::int64_t& most = counts[queue];
      most = std::max(most, workers);
    }
  }
  return counts;
}

std::optional<QueueId> QueueOfWorkerConnection(std::string_view connection_name,
                                               const QueueFilter& filter) {
  const std::string* best = nullptr;
  std::optional<QueueId> queue;
  for (const std::string& prefix : filter.prefixes()) {
    if (best != nullptr && best->size() >= prefix.size()) continue;
    if (!connection_name.starts_with(prefix)) continue;
    std::string_view rest = connection_name.substr(prefix.size());
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    const std::size_t colon = rest.find(':');
    if (colon != std::string_view::npos && !rest.substr(colon).starts_with(":w:")) continue;
    if (auto name = DecodeBase64(rest.substr(0, colon))) {
      best = &prefix;
      queue = QueueId{prefix, std::move(*name)};
    }
  }
  return queue;
}

}  // namespace bullmq_exporter
