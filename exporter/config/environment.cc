#include "exporter/config/environment.h"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include "exporter/config/near_match.h"
#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

std::string Variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Result<std::uint16_t> RedisPort(const std::string& text, std::uint16_t otherwise) {
  if (text.empty() || text.find("://") != std::string::npos) return otherwise;
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && port > 0) return port;
  return Fail(ErrorCode::kInvalidArgument,
              "REDIS_PORT: " + Quoted(text) + " is not a port from 1 to 65535");
}

Result<bool> RedisTls(const std::string& text) {
  if (text.empty() || text == "false" || text == "0") return false;
  if (text == "true" || text == "1") return true;
  return Fail(ErrorCode::kInvalidArgument,
              "REDIS_TLS_ENABLED: " + Quoted(text) + " is not true or false");
}

}  // namespace

Environment ReadEnvironment(const char* const* environ) {
  Environment environment;
  for (; environ != nullptr && *environ != nullptr; ++environ) {
    const std::string_view entry(*environ);
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

FlagValues FlagsFromEnvironment(const Environment& environment) {
  FlagValues values;
  for (const Flag& flag : Flags()) {
    std::string text = Variable(environment, EnvironmentName(flag.name));
    if (!text.empty()) values[std::string(flag.name)] = {std::move(text)};
  }
  return values;
}

std::map<std::string, std::string> MistypedVariables(const Environment& environment) {
  const std::string prefix = EnvironmentName("");
  std::vector<std::string> endings;  // the prefix would make every name look near
  for (const Flag& flag : Flags()) {
    endings.push_back(EnvironmentName(flag.name).substr(prefix.size()));
  }
  std::map<std::string, std::string> mistyped;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(prefix)) continue;
    const std::string near = NearMatch(name.substr(prefix.size()), endings);
    if (!near.empty() && name != prefix + near) mistyped[name] = prefix + near;
  }
  return mistyped;
}

Result<std::optional<RedisConfig>> OpenArchiverRedis(const Environment& environment) {
  RedisConfig redis;
  redis.address.host = Variable(environment, "REDIS_HOST");
  if (redis.address.host.empty()) return std::nullopt;
  if (redis.address.host.find_first_of("/@ ") != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument,
                "REDIS_HOST: is not the name or address of a host; for a URL there is " +
                    EnvironmentName("redis.addr"));
  }
  const auto port = RedisPort(Variable(environment, "REDIS_PORT"), redis.address.port);
  if (!port) return Fail(port.error());
  const auto tls = RedisTls(Variable(environment, "REDIS_TLS_ENABLED"));
  if (!tls) return Fail(tls.error());
  redis.address.port = *port;
  if (*tls) redis.address.scheme = RedisAddress::Scheme::kTls;
  redis.username = Variable(environment, "REDIS_USER");
  redis.password = Variable(environment, "REDIS_PASSWORD");
  return redis;
}

}  // namespace bullmq_exporter
