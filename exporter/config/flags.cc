#include "exporter/config/flags.h"

#include <algorithm>
#include <array>

#include "exporter/config/duration.h"
#include "exporter/config/redis_address.h"
#include "exporter/config/setting_words.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

using Values = std::vector<std::string>;

// A flag's text into its field; the parsers' messages say what is allowed.
template <class T>
Result<void> Set(Result<T> parsed, T& out) {
  if (!parsed) return Fail(parsed.error());
  out = *std::move(parsed);
  return {};
}
Result<void> Set(const std::string& text, std::string& out) {
  out = text;
  return {};
}

Result<bool> ParseSwitch(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return Fail(ErrorCode::kInvalidArgument, Quoted(text) + " is not true or false");
}

Result<void> SetRedisAddress(const Values& values, Config& config) {
  auto parsed = ParseRedisAddress(values.back());
  if (!parsed) return Fail(parsed.error());
  RedisConfig& redis = config.targets.front().redis;
  redis.address = parsed->address;
  redis.username = parsed->username;
  redis.password = parsed->password;
  return {};
}

Result<void> SetStaticQueues(const Values& values, Config& config) {
  TargetConfig& target = config.targets.front();
  target.queues.static_queues.clear();
  if (target.prefixes.empty()) return {};  // refused by its own rule
  for (const std::string& name : values) {
    target.queues.static_queues.push_back({target.prefixes.front(), name});
  }
  return {};
}

std::string RedisAddressText(const Config& config) {
  const RedisAddress& address = config.targets.front().redis.address;
  return "redis://" + Endpoint(address) + "/" + std::to_string(address.database);
}

std::string Joined(const Values& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ',';
    text += value;
  }
  return text;
}

constexpr std::string_view kConfiguration = "Configuration";
constexpr std::string_view kRedis = "Redis";
constexpr std::string_view kQueues = "Queues";
constexpr std::string_view kPoll = "Polls";
constexpr std::string_view kTelemetry = "Telemetry";
constexpr std::string_view kApi = "Jobs API";
constexpr std::string_view kLog = "Log";

constexpr Flag kFlags[] = {
    {.name = kConfigFileFlag,
     .group = kConfiguration,
     .value_name = "FILE",
     .help = "YAML file with all settings; without it one Redis is described by the flags"},

    {.name = "redis.addr",
     .group = kRedis,
     .value_name = "URL",
     .help = "redis://[USER@]HOST[:PORT][/DB], rediss:// for TLS, or unix:///SOCKET[?db=DB]; a "
             "password in it is taken from the environment only",
     .path = "redis[0].addr",
     .describes_target = true,
     .apply = SetRedisAddress,
     .text = RedisAddressText},
    {.name = "redis.username",
     .group = kRedis,
     .value_name = "NAME",
     .help = "ACL user",
     .path = "redis[0].username",
     .describes_target = true,
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.targets[0].redis.username); },
     .text = [](const Config& c) { return c.targets[0].redis.username; }},
    {.name = "redis.username-file",
     .group = kRedis,
     .value_name = "FILE",
     .help = "file whose first line is the ACL user; read at each connect",
     .path = "redis[0].username_file",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.username_file); },
     .text = [](const Config& c) { return c.targets[0].redis.username_file; }},
    {.name = "redis.password-file",
     .group = kRedis,
     .value_name = "FILE",
     .help = "file whose first line is the password; read at each connect",
     .path = "redis[0].password_file",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.password_file); },
     .text = [](const Config& c) { return c.targets[0].redis.password_file; }},
    {.name = "redis.tls-ca-file",
     .group = kRedis,
     .value_name = "FILE",
     .help = "authorities that may sign the server's certificate, PEM (default the system's)",
     .path = "redis[0].tls.ca_file",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.tls.ca_file); },
     .text = [](const Config& c) { return c.targets[0].redis.tls.ca_file; }},
    {.name = "redis.tls-cert-file",
     .group = kRedis,
     .value_name = "FILE",
     .help = "our certificate for mutual TLS, PEM",
     .path = "redis[0].tls.cert_file",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.tls.cert_file); },
     .text = [](const Config& c) { return c.targets[0].redis.tls.cert_file; }},
    {.name = "redis.tls-key-file",
     .group = kRedis,
     .value_name = "FILE",
     .help = "the key of our certificate, PEM",
     .path = "redis[0].tls.key_file",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.tls.key_file); },
     .text = [](const Config& c) { return c.targets[0].redis.tls.key_file; }},
    {.name = "redis.tls-server-name",
     .group = kRedis,
     .value_name = "NAME",
     .help = "name or address that the certificate must be for (default the host of the address)",
     .path = "redis[0].tls.server_name",
     .describes_target = true,
     .apply = [](const Values& v,
                 Config& c) { return Set(v.back(), c.targets[0].redis.tls.server_name); },
     .text = [](const Config& c) { return c.targets[0].redis.tls.server_name; }},
    {.name = "redis.tls-insecure-skip-verify",
     .group = kRedis,
     .help = "accept any certificate",
     .path = "redis[0].tls.insecure_skip_verify",
     .describes_target = true,
     .apply =
         [](const Values& v, Config& c) {
           return Set(ParseSwitch(v.back()), c.targets[0].redis.tls.insecure_skip_verify);
         }},
    {.name = "redis.name",
     .group = kRedis,
     .value_name = "NAME",
     .help = "value of the label \"redis\"",
     .path = "redis[0].name",
     .describes_target = true,
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.targets[0].name); },
     .text = [](const Config& c) { return c.targets[0].name; }},

    {.name = "redis.prefix",
     .group = kQueues,
     .value_name = "PREFIX",
     .help = "BullMQ's prefix; several times, or split by commas",
     .path = "redis[0].prefixes",
     .is_list = true,
     .describes_target = true,
     .apply =
         [](const Values& v, Config& c) {
           c.targets[0].prefixes = v;
           return Result<void>();
         },
     .text = [](const Config& c) { return Joined(c.targets[0].prefixes); }},
    {.name = "queues",
     .group = kQueues,
     .value_name = "NAME",
     .help =
         "queues that are always shown, in this order, even before they exist; several times, or "
         "split by commas",
     .path = "redis[0].queues.static",
     .is_list = true,
     .describes_target = true,
     .apply = SetStaticQueues,
     .text = [](const Config&) { return std::string(); }},
    {.name = "no-discovery",
     .group = kQueues,
     .help = "show only --queues",
     .path = "discovery.enabled",
     .describes_target = true,
     .apply =
         [](const Values& v, Config& c) {
           bool off = false;
           auto set = Set(ParseSwitch(v.back()), off);
           if (set) c.discovery.enabled = !off;
           return set;
         }},

    {.name = "poll.interval",
     .group = kPoll,
     .value_name = "DURATION",
     .help = "from the start of a poll to that of the next",
     .path = "poll.interval",
     .apply = [](const Values& v,
                 Config& c) { return Set(ParseDuration(v.back()), c.poll.interval); },
     .text = [](const Config& c) { return FormatDuration(c.poll.interval); }},
    {.name = "poll.timeout",
     .group = kPoll,
     .value_name = "DURATION",
     .help = "when a poll ends, whatever has arrived",
     .path = "poll.timeout",
     .apply = [](const Values& v,
                 Config& c) { return Set(ParseDuration(v.back()), c.poll.timeout); },
     .text = [](const Config& c) { return FormatDuration(c.poll.timeout); }},

    {.name = "web.listen-address",
     .group = kTelemetry,
     .value_name = "[HOST]:PORT",
     .help = "where /metrics is served; port 0 picks a free one",
     .path = "web.listen_address",
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.web.listen_address); },
     .text = [](const Config& c) { return c.web.listen_address; }},

    {.name = "api.listen-address",
     .group = kApi,
     .value_name = "[HOST]:PORT",
     .help =
         "where the Jobs API is served, once there are keys or a secret; port 0 picks a free one",
     .path = "api.listen_address",
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.api.listen_address); },
     .text = [](const Config& c) { return c.api.listen_address; }},
    {.name = "api.keys-file",
     .group = kApi,
     .value_name = "FILE",
     .help = "API keys, as \"new-key\" writes them; read again when it changes; opens the API",
     .path = "api.keys_file",
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.api.keys_file); },
     .text = [](const Config& c) { return c.api.keys_file; }},
    {.name = "api.jwt-secret-file",
     .group = kApi,
     .value_name = "FILE",
     .help = "secrets of HS256 tokens, one a line; read again when it changes; opens the API",
     .path = "api.jwt_secret_file",
     .apply = [](const Values& v, Config& c) { return Set(v.back(), c.api.jwt_secret_file); },
     .text = [](const Config& c) { return c.api.jwt_secret_file; }},

    {.name = "log.level",
     .group = kLog,
     .value_name = "LEVEL",
     .help = "debug, info, warn or error; the log goes to standard error",
     .path = "log.level",
     .apply = [](const Values& v, Config& c) { return Set(ParseLogLevel(v.back()), c.log.level); },
     .text = [](const Config& c) { return std::string(LogLevelName(c.log.level)); }},
    {.name = "log.format",
     .group = kLog,
     .value_name = "FORMAT",
     .help = "logfmt or json",
     .path = "log.format",
     .apply = [](const Values& v,
                 Config& c) { return Set(ParseLogFormat(v.back()), c.log.format); },
     .text = [](const Config& c) { return std::string(LogFormatName(c.log.format)); }},
};

}  // namespace

std::span<const Flag> Flags() { return kFlags; }

const Flag* FindFlag(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFlags), std::end(kFlags),
                                   [&](const Flag& f) { return f.name == name; });
  return found == std::end(kFlags) ? nullptr : found;
}

std::string EnvironmentName(std::string_view flag) {
  std::string name = "BULLMQ_EXPORTER_";
  for (const char c : flag) {
    name +=
        c == '.' || c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

}  // namespace bullmq_exporter
