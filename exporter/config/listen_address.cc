#include "exporter/config/listen_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "exporter/config/yaml_mapping.h"

namespace bullmq_exporter {
namespace {

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return port;
}

bool IsHostName(std::string_view text) {
  return text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == '_';
         });
}

bool IsIpv6(const std::string& text) {
  // A zone, as in fe80::1%eth0, is looked at when the address is bound.
  in6_addr address{};
  return inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), &address) == 1;
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    ListenAddress address{std::string(host), 0};
    const auto port = ParsePort(text.substr(colon + 1));
    if (port && (bracketed ? IsIpv6(address.host) : IsHostName(host))) {
      address.port = *port;
      return address;
    }
  }
  return Fail(ErrorCode::kInvalidArgument,
              Quoted(text) +
                  " is not a listen address; write [HOST]:PORT, for example :9538, 127.0.0.1:9538 "
                  "or [::1]:9538, with a port from 0 (a free one) to 65535");
}

std::string FormatListenAddress(const ListenAddress& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace bullmq_exporter
