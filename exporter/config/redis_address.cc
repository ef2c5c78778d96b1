#include "exporter/config/redis_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bullmq_exporter {
namespace {

tl::unexpected<Error> Invalid(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

template <class T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '-' || failure != std::errc() || stop != end) {
    return std::nullopt;
  }
  return value;
}

Result<std::string> PercentDecode(std::string_view text, std::string_view what) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned byte = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const char* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || failure != std::errc() || stop != end) {
      return Invalid("in the " + std::string(what) +
                     ", % must be followed by two hexadecimal digits (write %25 for %)");
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

Result<RedisAddress::Scheme> TakeScheme(std::string_view& rest) {
  const std::size_t end = rest.find("://");
  std::string scheme(rest.substr(0, end == std::string_view::npos ? 0 : end));
  for (char& c : scheme) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (end != std::string_view::npos) rest.remove_prefix(end + 3);
  if (scheme == "redis") return RedisAddress::Scheme::kTcp;
  if (scheme == "rediss") return RedisAddress::Scheme::kTls;
  if (scheme == "unix") return RedisAddress::Scheme::kUnix;
  return Invalid("must begin with redis://, rediss:// or unix://");
}

// Takes `user:password@` from the front.
Result<void> TakeCredentials(std::string_view& authority, RedisConfig& config) {
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view credentials = authority.substr(0, at);
  authority.remove_prefix(at + 1);
  const std::size_t colon = credentials.find(':');
  auto user = PercentDecode(credentials.substr(0, colon), "user");
  if (!user) return Fail(user.error());
  config.username = *std::move(user);
  if (colon == std::string_view::npos) return {};
  auto password = PercentDecode(credentials.substr(colon + 1), "password");
  if (!password) return Fail(password.error());
  config.password = *std::move(password);
  return {};
}

bool IsIpv6(std::string_view text) {
  in6_addr ignored;
  return inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

// `[address]` or `[address%25zone]`; leaves what follows the bracket.
Result<std::string> TakeBracketedHost(std::string_view& rest) {
  const std::size_t close = rest.find(']');
  if (close == std::string_view::npos) return Invalid("the bracket of the host is not closed");
  auto host = PercentDecode(rest.substr(1, close - 1), "host");
  rest.remove_prefix(close + 1);
  if (!host) return host;
  if (!IsIpv6(host->substr(0, host->find('%'))) || host->find('\0') != std::string::npos) {
    return Invalid("what stands in brackets is not an IPv6 address");
  }
  return host;
}

Result<std::string> TakeNamedHost(std::string_view& rest) {
  if (IsIpv6(rest)) return Invalid("an IPv6 address must stand in brackets: redis://[::1]:6379");
  const std::size_t end = std::min(rest.find(':'), rest.size());
  std::string host(rest.substr(0, end));
  rest.remove_prefix(end);
  if (host.empty()) return Invalid("names no host");
  const bool valid = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
  if (host.find(',') != std::string::npos || rest.find(',') != std::string_view::npos) {
    return Invalid("must name one host, not a list");
  }
  if (!valid) return Invalid("the host holds a character that no host name has");
  return host;
}

Result<void> ParseHostAndPort(std::string_view authority, RedisAddress& address) {
  auto host = authority.starts_with('[') ? TakeBracketedHost(authority) : TakeNamedHost(authority);
  if (!host) return Fail(host.error());
  address.host = *std::move(host);
  if (authority.empty()) return {};
  const auto port =
      authority.front() == ':' ? ParseNumber<std::uint16_t>(authority.substr(1)) : std::nullopt;
  if (!port || *port == 0) return Invalid("the port must be a number from 1 to 65535");
  address.port = *port;
  return {};
}

Result<void> ParseDatabase(std::string_view text, RedisAddress& address) {
  const auto database = ParseNumber<int>(text);
  if (!database) return Invalid("the database must be a number from 0 on");
  address.database = *database;
  return {};
}

Result<void> ParseTcp(std::string_view rest, RedisConfig& config) {
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end);
  std::string_view path = rest.substr(end);
  if (authority.find('@') == std::string_view::npos && path.find('@') != std::string_view::npos) {
    return Invalid("in user and password, the characters / ? # % must be percent-encoded");
  }
  if (path.find_first_of("?#") != std::string_view::npos) {
    return Invalid("nothing may follow the database; options have settings of their own");
  }
  if (auto done = TakeCredentials(authority, config); !done) return done;
  if (auto done = ParseHostAndPort(authority, config.address); !done) return done;
  if (path.size() <= 1) return {};
  return ParseDatabase(path.substr(1), config.address);
}

Result<void> ParseUnix(std::string_view rest, RedisConfig& config) {
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, std::min(slash, rest.size()));
  if (auto done = TakeCredentials(authority, config); !done) return done;
  if (slash == std::string_view::npos || !authority.empty()) {
    return Invalid("a unix socket needs its absolute path: unix:///run/redis.sock");
  }
  std::string_view path = rest.substr(slash);
  if (const std::size_t query = path.find('?'); query != std::string_view::npos) {
    const std::string_view option = path.substr(query + 1);
    path = path.substr(0, query);
    if (!option.starts_with("db=")) return Invalid("only ?db=N may follow the path of the socket");
    if (auto done = ParseDatabase(option.substr(3), config.address); !done) return done;
  }
  auto decoded = PercentDecode(path, "path");
  if (!decoded) return Fail(decoded.error());
  if (decoded->size() > 107 || decoded->find('\0') != std::string::npos) {
    return Invalid("the path of a unix socket has at most 107 bytes and no NUL");
  }
  config.address.path = *std::move(decoded);
  return {};
}

}  // namespace

Result<RedisConfig> ParseRedisAddress(std::string_view text) {
  const auto scheme = TakeScheme(text);
  if (!scheme) return Fail(scheme.error());
  RedisConfig config;
  config.address.scheme = *scheme;
  const auto done =
      *scheme == RedisAddress::Scheme::kUnix ? ParseUnix(text, config) : ParseTcp(text, config);
  if (!done) return Fail(done.error());
  return config;
}

std::string Endpoint(const RedisAddress& address) {
  if (address.scheme == RedisAddress::Scheme::kUnix) return address.path;
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

}  // namespace bullmq_exporter
