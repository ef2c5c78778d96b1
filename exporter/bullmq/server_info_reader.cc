#include "exporter/bullmq/server_info_reader.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace bullmq_exporter {
namespace {

// The value of `name:` at the beginning of a line.
std::optional<std::string_view> Field(std::string_view info, std::string_view name) {
  while (!info.empty()) {
    const std::size_t end = info.find('\n');
    std::string_view line = info.substr(0, end);
    info = end == std::string_view::npos ? std::string_view() : info.substr(end + 1);
    if (!line.starts_with(name) || line.substr(name.size(), 1) != ":") continue;
    line.remove_prefix(name.size() + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Number(std::string_view info, std::string_view name) {
  const auto text = Field(info, name);
  std::int64_t value = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc()) {
    return std::nullopt;
  }
  return value;
}

ServerInfo Parse(std::string_view info, const std::string& address) {
  ServerInfo server;
  server.server = address;
  // Valkey says 7.2.4 as redis_version for old clients, and its own beside it.
  const auto valkey = Field(info, "valkey_version");
  server.version = valkey.value_or(Field(info, "redis_version").value_or(""));
  server.role = Field(info, "role").value_or("");
  server.mode = Field(info, valkey ? "server_mode" : "redis_mode").value_or("");
  if (const auto policy = Field(info, "maxmemory_policy")) {
    server.maxmemory_policy_noeviction = *policy == "noeviction";
  }
  server.memory_used_bytes = Number(info, "used_memory");
  server.memory_max_bytes = Number(info, "maxmemory");
  if (server.role == "slave") {
    if (const auto link = Field(info, "master_link_status")) {
      server.replication_link_up = *link == "up";
    }
  } else if (server.role == "master") {
    server.connected_replicas = Number(info, "connected_slaves");
  }
  return server;
}

}  // namespace

std::size_t AddServerInfoQuestion(Pipeline& pipeline) {
  return pipeline.Add(Route::kEachNode, {"INFO"});
}

Result<std::vector<ServerInfo>> ReadServerInfo(const Replies& replies, std::size_t index,
                                               const std::string& address) {
  std::vector<ServerInfo> servers;
  for (const Reply& reply : replies.PerNode(index)) {
    if (reply.is_error()) return Fail(ErrorOf(reply).In("INFO"));
    servers.push_back(Parse(reply.text, address));
    if (servers.back().version.empty()) return Fail(ErrorCode::kOther, "INFO tells no version");
  }
  return servers;
}

}  // namespace bullmq_exporter
