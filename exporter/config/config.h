#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/logger.h"

// The settings of the program as plain data. The initialisers are the defaults: what --help,
// config/exporter.yaml and the documentation say is compared with them by tests. A value that is
// here has been validated (config/loader.h): durations are positive, sizes and lists within their
// bounds.
namespace bullmq_exporter {

using Duration = std::chrono::milliseconds;

// Where a Redis is. From redis://, rediss:// or unix://.
struct RedisAddress {
  enum class Scheme { kTcp, kTls, kUnix };
  Scheme scheme = Scheme::kTcp;
  std::string host = "127.0.0.1";  // name or IP address, without brackets
  std::uint16_t port = 6379;
  std::string path;  // of the socket, for kUnix
  int database = 0;

  friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

struct RedisTlsConfig {   // for rediss://
  std::string ca_file;    // PEM; empty: the system's authorities
  std::string cert_file;  // PEM, with key_file, for mutual TLS; empty: none
  std::string key_file;
  std::string server_name;  // what the certificate must be for; empty: the host of the address
  bool insecure_skip_verify = false;

  friend bool operator==(const RedisTlsConfig&, const RedisTlsConfig&) = default;
};

// How to reach one Redis.
struct RedisConfig {
  RedisAddress address;
  std::string username;       // empty: the default user
  std::string username_file;  // read at each connect; its first line; wins over `username`
  std::string password;       // from the environment or the file's address
  std::string password_file;  // read at each connect; its first line; wins over `password`
  RedisTlsConfig tls;

  friend bool operator==(const RedisConfig&, const RedisConfig&) = default;
};

struct StaticQueue {
  std::string prefix;
  std::string name;

  friend bool operator==(const StaticQueue&, const StaticQueue&) = default;
};

// Which queues of a target are ours. Globs know * and ?, and match whole names.
struct QueuesConfig {
  std::vector<StaticQueue> static_queues;  // always shown, in this order, whatever the globs say
  std::vector<std::string> include = {"*"};
  std::vector<std::string> exclude;

  friend bool operator==(const QueuesConfig&, const QueuesConfig&) = default;
};

struct TargetConfig {
  std::string name = "default";  // the label `redis`; unique
  RedisConfig redis;
  std::vector<std::string> prefixes = {"bull"};
  QueuesConfig queues;

  friend bool operator==(const TargetConfig&, const TargetConfig&) = default;
};

struct PollConfig {
  Duration interval = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(3);         // of a whole poll
  Duration slow_interval = std::chrono::seconds(30);  // for what changes seldom

  friend bool operator==(const PollConfig&, const PollConfig&) = default;
};

struct DiscoveryConfig {
  bool enabled = true;
  Duration interval = std::chrono::seconds(60);  // from the start of a pass to that of the next
  std::size_t max_queues = 10000;                // of a target
  Duration forget_after = std::chrono::minutes(10);

  friend bool operator==(const DiscoveryConfig&, const DiscoveryConfig&) = default;
};

struct FailuresConfig {
  Duration window = std::chrono::hours(1);
  std::size_t classes_per_queue = 20;
  bool reasons = true;

  friend bool operator==(const FailuresConfig&, const FailuresConfig&) = default;
};

enum class Compatibility { kBullmq, kBullExporter };

struct MetricsConfig {
  std::size_t names_per_queue = 50;  // job names with series of their own; the rest is `__other__`
  std::vector<Compatibility> compatibility;

  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

// A listener's own bounds, the same for telemetry and API.
struct WebConfig {
  std::string listen_address = ":9538";  // host:port; an empty host is every address, IPv6 too
  std::size_t max_connections = 512;
  std::size_t max_connections_per_address = 64;

  friend bool operator==(const WebConfig&, const WebConfig&) = default;
};

struct ApiConfig {
  std::string listen_address = ":9539";
  std::string keys_file;
  std::string jwt_secret_file;
  std::map<std::string, std::vector<std::string>> roles = {{"Super Admin", {"manage:all"}}};
  Duration timeout = std::chrono::seconds(5);
  std::int64_t max_page_size = 1000;
  std::size_t max_connections = 256;
  std::size_t max_connections_per_address = 64;
  std::size_t max_field_bytes = 1u << 20;
  std::size_t max_response_bytes = 32u << 20;

  // The API listens only where somebody can be let in.
  [[nodiscard]] bool enabled() const { return !keys_file.empty() || !jwt_secret_file.empty(); }

  friend bool operator==(const ApiConfig&, const ApiConfig&) = default;
};

struct LogConfig {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kLogfmt;

  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

struct Config {
  std::vector<TargetConfig> targets = {TargetConfig{}};
  PollConfig poll;
  DiscoveryConfig discovery;
  FailuresConfig failures;
  MetricsConfig metrics;
  WebConfig web;
  ApiConfig api;
  LogConfig log;

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace bullmq_exporter
