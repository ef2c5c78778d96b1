#include "exporter/config/loader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporter/config/byte_size.h"
#include "exporter/config/duration.h"
#include "exporter/config/redis_address.h"
#include "exporter/config/setting_words.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

void Read(YamlMapping& mapping, std::string_view key, std::string& out) {
  if (auto text = mapping.Text(key)) out = *std::move(text);
}
void Read(YamlMapping& mapping, std::string_view key, bool& out) {
  if (const auto value = mapping.Bool(key)) out = *value;
}
void Read(YamlMapping& mapping, std::string_view key, std::vector<std::string>& out) {
  if (auto texts = mapping.TextList(key)) out = *std::move(texts);
}
void Read(YamlMapping& mapping, std::string_view key, std::size_t& out) {
  if (const auto number = mapping.Integer(key)) out = static_cast<std::size_t>(*number);
}
void Read(YamlMapping& mapping, std::string_view key, std::int64_t& out) {
  if (const auto number = mapping.Integer(key)) out = *number;
}

// By a parser whose message says what is allowed.
template <class T, class Parse>
void Read(YamlMapping& mapping, std::string_view key, T& out, const Parse& parse) {
  const auto text = mapping.Text(key);
  if (!text) return;
  auto parsed = parse(*text);
  if (parsed) {
    out = *std::move(parsed);
  } else {
    mapping.Fault(key, parsed.error().message);
  }
}
void Read(YamlMapping& mapping, std::string_view key, Duration& out) {
  Read(mapping, key, out, ParseDuration);
}

template <class Section, class ReadKeys>
void ReadSection(YamlMapping& parent, std::string_view key, Section& out,
                 const ReadKeys& read_keys) {
  if (auto mapping = parent.Mapping(key)) {
    read_keys(*mapping, out);
    mapping->RefuseUnknownKeys();
  }
}

void ReadTls(YamlMapping& m, RedisTlsConfig& tls) {
  Read(m, "ca_file", tls.ca_file);
  Read(m, "cert_file", tls.cert_file);
  Read(m, "key_file", tls.key_file);
  Read(m, "server_name", tls.server_name);
  Read(m, "insecure_skip_verify", tls.insecure_skip_verify);
}

void ReadStaticQueues(YamlMapping& m, const std::vector<std::string>& prefixes, FileFaults& faults,
                      std::vector<StaticQueue>& out) {
  const std::vector<YamlValue>* items = m.Items("static");
  if (items == nullptr) return;
  for (const YamlValue& item : *items) {
    StaticQueue queue{prefixes.empty() ? "" : prefixes.front(), ""};
    if (item.kind == YamlValue::Kind::kScalar) {
      queue.name = item.text;
    } else {
      const auto index = std::to_string(&item - items->data());
      YamlMapping mapping(item, m.PathOf("static") + "[" + index + "]", faults);
      Read(mapping, "prefix", queue.prefix);
      if (mapping.Require("name")) Read(mapping, "name", queue.name);
      mapping.RefuseUnknownKeys();
    }
    out.push_back(std::move(queue));
  }
}

void ReadTarget(YamlMapping& m, FileFaults& faults, TargetConfig& target) {
  Read(m, "name", target.name);
  RedisConfig address;
  Read(m, "addr", address, ParseRedisAddress);
  target.redis.address = address.address;
  target.redis.username = address.username;
  target.redis.password = address.password;
  Read(m, "username", target.redis.username);
  Read(m, "username_file", target.redis.username_file);
  Read(m, "password_file", target.redis.password_file);
  ReadSection(m, "tls", target.redis.tls, ReadTls);
  Read(m, "prefixes", target.prefixes);
  ReadSection(m, "queues", target.queues, [&](YamlMapping& queues, QueuesConfig& out) {
    ReadStaticQueues(queues, target.prefixes, faults, out.static_queues);
    Read(queues, "include", out.include);
    Read(queues, "exclude", out.exclude);
  });
  m.RefuseUnknownKeys();
}

void ReadTargets(YamlMapping& root, FileFaults& faults, std::vector<TargetConfig>& targets) {
  const std::vector<YamlValue>* items = root.Items("redis");
  if (items == nullptr) return;
  targets.clear();
  for (const YamlValue& item : *items) {
    YamlMapping mapping(item, "redis[" + std::to_string(targets.size()) + "]", faults);
    ReadTarget(mapping, faults, targets.emplace_back());
  }
}

void ReadPoll(YamlMapping& m, PollConfig& poll) {
  Read(m, "interval", poll.interval);
  Read(m, "timeout", poll.timeout);
  Read(m, "slow_interval", poll.slow_interval);
}

void ReadDiscovery(YamlMapping& m, DiscoveryConfig& discovery) {
  Read(m, "enabled", discovery.enabled);
  Read(m, "interval", discovery.interval);
  Read(m, "max_queues", discovery.max_queues);
  Read(m, "forget_after", discovery.forget_after);
}

void ReadFailures(YamlMapping& m, FailuresConfig& failures) {
  Read(m, "window", failures.window);
  Read(m, "classes_per_queue", failures.classes_per_queue);
  Read(m, "reasons", failures.reasons);
}

void ReadMetrics(YamlMapping& m, MetricsConfig& metrics) {
  Read(m, "names_per_queue", metrics.names_per_queue);
  const auto names = m.TextList("compatibility");
  if (!names) return;
  metrics.compatibility.clear();
  for (const std::string& name : *names) {
    const auto parsed = ParseCompatibility(name);
    if (parsed) {
      metrics.compatibility.push_back(*parsed);
    } else {
      m.Fault("compatibility", parsed.error().message);
    }
  }
}

void ReadWeb(YamlMapping& m, WebConfig& web) {
  Read(m, "listen_address", web.listen_address);
  Read(m, "max_connections", web.max_connections);
  Read(m, "max_connections_per_address", web.max_connections_per_address);
}

void ReadRoles(YamlMapping& api, FileFaults& faults, ApiConfig& config) {
  const YamlValue* value = api.Find("roles");
  auto roles = api.Mapping("roles");
  if (!roles || value->kind != YamlValue::Kind::kMapping) return;
  config.roles.clear();
  for (const YamlValue::Entry& entry : value->entries) {
    if (entry.key.empty()) faults.Add(entry.key_position, "api.roles: the name of a role is empty");
    Read(*roles, entry.key, config.roles[entry.key]);
  }
}

void ReadApi(YamlMapping& m, FileFaults& faults, ApiConfig& api) {
  Read(m, "listen_address", api.listen_address);
  Read(m, "keys_file", api.keys_file);
  Read(m, "jwt_secret_file", api.jwt_secret_file);
  ReadRoles(m, faults, api);
  Read(m, "timeout", api.timeout);
  Read(m, "max_page_size", api.max_page_size);
  Read(m, "max_connections", api.max_connections);
  Read(m, "max_connections_per_address", api.max_connections_per_address);
  Read(m, "max_field_bytes", api.max_field_bytes, ParseByteSize);
  Read(m, "max_response_bytes", api.max_response_bytes, ParseByteSize);
}

void ReadLog(YamlMapping& m, LogConfig& log) {
  Read(m, "level", log.level, ParseLogLevel);
  Read(m, "format", log.format, ParseLogFormat);
}

}  // namespace

LoadedFile LoadConfig(std::string_view text, FileFaults& faults) {
  LoadedFile file;
  auto root = ParseYaml(text, faults);
  if (!root) return file;
  file.root = *std::move(root);
  YamlMapping mapping(file.root, "", faults);
  Config& config = file.config;
  file.has_targets = mapping.Find("redis") != nullptr;
  ReadTargets(mapping, faults, config.targets);
  ReadSection(mapping, "poll", config.poll, ReadPoll);
  ReadSection(mapping, "discovery", config.discovery, ReadDiscovery);
  ReadSection(mapping, "failures", config.failures, ReadFailures);
  ReadSection(mapping, "metrics", config.metrics, ReadMetrics);
  ReadSection(mapping, "web", config.web, ReadWeb);
  ReadSection(mapping, "api", config.api,
              [&](YamlMapping& m, ApiConfig& api) { ReadApi(m, faults, api); });
  ReadSection(mapping, "log", config.log, ReadLog);
  mapping.RefuseUnknownKeys();
  return file;
}

}  // namespace bullmq_exporter
