#include "exporter/http/listening_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <system_error>

#include "exporter/config/listen_address.h"

namespace bullmq_exporter {
namespace {

constexpr int kBacklog = 512;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

SocketAddress AnyAddress(int family, std::uint16_t port) {
  SocketAddress address;
  if (family == AF_INET6) {
    auto* any = reinterpret_cast<sockaddr_in6*>(&address.storage);
    any->sin6_family = AF_INET6;
    any->sin6_addr = in6addr_any;
    any->sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
  } else {
    auto* any = reinterpret_cast<sockaddr_in*>(&address.storage);
    any->sin_family = AF_INET;
    any->sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
  }
  return address;
}

Result<SocketAddress> Resolve(const ListenAddress& wanted) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(wanted.host.c_str(), std::to_string(wanted.port).c_str(), &hints, &found);
  if (error != 0) return Fail(ErrorCode::kResolve, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  const addrinfo* chosen = found;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    if (info->ai_family == AF_INET) {
      chosen = info;
      break;
    }
  }
  SocketAddress address;
  std::memcpy(&address.storage, chosen->ai_addr, chosen->ai_addrlen);
  address.size = chosen->ai_addrlen;
  return address;
}

std::uint16_t Port(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::string BoundAddress(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  const std::string host = IpAddressText(bound);
  const std::string port = std::to_string(Port(bound));
  return bound.ss_family == AF_INET6 ? "[" + host + "]:" + port : host + ":" + port;
}

tl::unexpected<Error> SystemError(int error) {
  return Fail(ErrorCode::kIo, std::generic_category().message(error));
}

// SO_REUSEADDR alone: a restart does not wait for old connections, and yet the port of a process
// that listens is refused, which SO_REUSEPORT would share without a word.
Result<ListeningSocket> Listen(const SocketAddress& address, bool both_families) {
  ListeningSocket socket;
  socket.fd = FileDescriptor(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.fd.valid()) return SystemError(errno);
  const int fd = socket.fd.get();
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.storage.ss_family == AF_INET6) {
    const int only = both_families ? 0 : 1;
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  }
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 ||
      ::listen(fd, kBacklog) != 0) {
    return SystemError(errno);
  }
  socket.address = BoundAddress(fd);
  return socket;
}

bool HasIpv6() {
  const FileDescriptor probe(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe.valid()) return false;
  const SocketAddress any = AnyAddress(AF_INET6, 0);
  return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&any.storage), any.size) == 0;
}

Result<ListeningSocket> ListenOnAny(std::uint16_t port) {
  const int family = HasIpv6() ? AF_INET6 : AF_INET;
  return Listen(AnyAddress(family, port), true);
}

}  // namespace

std::string IpAddressText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET6) {
    const in6_addr& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&ip)) {
      ::inet_ntop(AF_INET, &ip.s6_addr[12], text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &ip, text.data(), text.size());
    }
  } else {
    const in_addr& ip = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    ::inet_ntop(AF_INET, &ip, text.data(), text.size());
  }
  return text.data();
}

Result<ListeningSocket> ListenOn(std::string_view address) {
  const Result<ListenAddress> wanted = ParseListenAddress(address);
  if (!wanted) return Fail(wanted.error());
  Result<ListeningSocket> socket = [&]() -> Result<ListeningSocket> {
    if (wanted->host.empty()) return ListenOnAny(wanted->port);
    const Result<SocketAddress> resolved = Resolve(*wanted);
    if (!resolved) return Fail(resolved.error());
    return Listen(*resolved, false);
  }();
  if (!socket) return Fail(socket.error().In("cannot listen on " + std::string(address)));
  return socket;
}

}  // namespace bullmq_exporter
