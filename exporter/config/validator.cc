#include "exporter/config/validator.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "exporter/base/utf8.h"
#include "exporter/config/byte_size.h"
#include "exporter/config/duration.h"
#include "exporter/config/listen_address.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Duration kLongest = hours(24 * 7);

// Collects the rules that are broken.
class Rules {
 public:
  void Break(std::string path, std::string message, std::vector<std::string> also_about = {}) {
    violations_.push_back({std::move(path), std::move(message), std::move(also_about)});
  }

  void Within(std::string path, Duration value, Duration min, Duration max) {
    if (value >= min && value <= max) return;
    Break(std::move(path), FormatDuration(value) + " is not from " + FormatDuration(min) + " to " +
                               FormatDuration(max));
  }
  void Within(std::string path, std::uint64_t value, std::uint64_t min, std::uint64_t max) {
    if (value >= min && value <= max) return;
    Break(std::move(path), std::to_string(value) + " is not from " + std::to_string(min) + " to " +
                               std::to_string(max));
  }
  void SizeWithin(std::string path, std::uint64_t value, std::uint64_t min, std::uint64_t max) {
    if (value >= min && value <= max) return;
    Break(std::move(path), FormatByteSize(value) + " is not from " + FormatByteSize(min) + " to " +
                               FormatByteSize(max));
  }
  // No empty text and none twice.
  void EachOnce(const std::string& path, const std::vector<std::string>& texts) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string item = path + "[" + std::to_string(i) + "]";
      if (texts[i].empty()) {
        Break(item, "is empty");
      } else if (!seen.insert(texts[i]).second) {
        Break(item, Quoted(texts[i]) + " stands twice");
      }
    }
  }

  std::vector<Violation> Take() { return std::move(violations_); }

 private:
  std::vector<Violation> violations_;
};

void CheckTls(Rules& rules, const std::string& path, const RedisConfig& redis) {
  const RedisTlsConfig& tls = redis.tls;
  if (redis.address.scheme != RedisAddress::Scheme::kTls) {
    const std::pair<const char*, bool> given[] = {
        {"ca_file", !tls.ca_file.empty()},
        {"cert_file", !tls.cert_file.empty()},
        {"key_file", !tls.key_file.empty()},
        {"server_name", !tls.server_name.empty()},
        {"insecure_skip_verify", tls.insecure_skip_verify}};
    for (const auto& [key, is_given] : given) {
      if (!is_given) continue;
      rules.Break(path + ".tls." + key, "is for TLS alone, and the address is not rediss://",
                  {path + ".addr"});
    }
    return;
  }
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    const bool cert = !tls.cert_file.empty();
    rules.Break(path + (cert ? ".tls.cert_file" : ".tls.key_file"),
                std::string("needs ") + (cert ? "the key" : "the certificate") + " beside it",
                {path + ".tls.cert_file", path + ".tls.key_file"});
  }
}

void CheckQueues(Rules& rules, const std::string& path, const TargetConfig& target) {
  const auto& prefixes = target.prefixes;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < target.queues.static_queues.size(); ++i) {
    const StaticQueue& queue = target.queues.static_queues[i];
    const std::string item = path + ".queues.static[" + std::to_string(i) + "]";
    if (queue.name.empty()) rules.Break(item, "the name of a queue is empty");
    if (!seen.insert({queue.prefix, queue.name}).second) {
      rules.Break(item, "queue " + Quoted(queue.name) + " stands twice", {path + ".prefixes"});
    }
    if (!prefixes.empty() &&
        std::find(prefixes.begin(), prefixes.end(), queue.prefix) == prefixes.end()) {
      rules.Break(item + ".prefix",
                  Quoted(queue.prefix) + " is not one of the prefixes of this Redis",
                  {path + ".prefixes"});
    }
  }
  rules.EachOnce(path + ".queues.include", target.queues.include);
  rules.EachOnce(path + ".queues.exclude", target.queues.exclude);
}

void CheckTargets(Rules& rules, const Config& config) {
  if (config.targets.empty()) rules.Break("redis", "needs at least one Redis");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < config.targets.size(); ++i) {
    const TargetConfig& target = config.targets[i];
    const std::string path = "redis[" + std::to_string(i) + "]";
    if (target.name.empty()) {
      rules.Break(path + ".name", "is empty");
    } else if (!IsValidUtf8(target.name)) {
      rules.Break(path + ".name", "is not UTF-8");
    } else if (!names.insert(target.name).second) {
      rules.Break(path + ".name",
                  Quoted(target.name) + " is the name of another Redis too; give each its own");
    }
    if (target.prefixes.empty()) rules.Break(path + ".prefixes", "needs at least one prefix");
    rules.EachOnce(path + ".prefixes", target.prefixes);
    CheckTls(rules, path, target.redis);
    CheckQueues(rules, path, target);
  }
}

void CheckReading(Rules& rules, const Config& config) {
  rules.Within("poll.interval", config.poll.interval, milliseconds(10), kLongest);
  rules.Within("poll.timeout", config.poll.timeout, milliseconds(10), kLongest);
  rules.Within("poll.slow_interval", config.poll.slow_interval, milliseconds(10), kLongest);
  rules.Within("discovery.interval", config.discovery.interval, milliseconds(10), kLongest);
  rules.Within("discovery.max_queues", config.discovery.max_queues, 1, 1000000);
  rules.Within("discovery.forget_after", config.discovery.forget_after, milliseconds(10), kLongest);
  rules.Within("failures.window", config.failures.window, std::chrono::seconds(1), kLongest);
  rules.Within("failures.classes_per_queue", config.failures.classes_per_queue, 1, 100);
}

void CheckMetrics(Rules& rules, const Config& config) {
  rules.Within("metrics.names_per_queue", config.metrics.names_per_queue, 1, 1000);
  const auto& compatibility = config.metrics.compatibility;
  if (std::set(compatibility.begin(), compatibility.end()).size() != compatibility.size()) {
    rules.Break("metrics.compatibility", "a name stands twice");
  }
  if (compatibility.empty() || config.targets.empty()) return;
  if (config.targets.size() > 1 || config.targets.front().prefixes.size() > 1) {
    rules.Break(
        "metrics.compatibility",
        "is for one Redis with one prefix: the labels of these series cannot tell more apart",
        {"redis"});
  }
}

void CheckListener(Rules& rules, const std::string& path, const std::string& address,
                   std::size_t max_connections, std::size_t max_connections_per_address) {
  const auto parsed = ParseListenAddress(address);
  if (!parsed) rules.Break(path + ".listen_address", parsed.error().message);
  rules.Within(path + ".max_connections", max_connections, 1, 65535);
  rules.Within(path + ".max_connections_per_address", max_connections_per_address, 1, 65535);
}

void CheckListeners(Rules& rules, const Config& config) {
  const ApiConfig& api = config.api;
  CheckListener(rules, "web", config.web.listen_address, config.web.max_connections,
                config.web.max_connections_per_address);
  CheckListener(rules, "api", api.listen_address, api.max_connections,
                api.max_connections_per_address);
  const auto web_address = ParseListenAddress(config.web.listen_address);
  const auto api_address = ParseListenAddress(api.listen_address);
  if (api.enabled() && web_address && web_address == api_address && web_address->port != 0) {
    rules.Break("api.listen_address",
                Quoted(api.listen_address) +
                    " is the address of the telemetry listener too; give each its own",
                {"web.listen_address"});
  }
  rules.Within("api.timeout", api.timeout, milliseconds(10), hours(1));
  rules.Within("api.max_page_size",
               static_cast<std::uint64_t>(std::max<std::int64_t>(api.max_page_size, 0)), 1, 10000);
  rules.SizeWithin("api.max_field_bytes", api.max_field_bytes, 1, 512u << 20);
  rules.SizeWithin("api.max_response_bytes", api.max_response_bytes, 1, 1u << 30);
  for (const auto& [role, permissions] : api.roles) {
    rules.EachOnce("api.roles." + role, permissions);
  }
}

}  // namespace

tl::expected<ValidatedConfig, std::vector<Violation>> ValidatedConfig::Validate(Config config) {
  Rules rules;
  CheckTargets(rules, config);
  CheckReading(rules, config);
  CheckMetrics(rules, config);
  CheckListeners(rules, config);
  std::vector<Violation> violations = rules.Take();
  if (!violations.empty()) return tl::make_unexpected(std::move(violations));
  return ValidatedConfig(std::move(config));
}

}  // namespace bullmq_exporter
