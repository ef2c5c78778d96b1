#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "exporter/base/error.h"
#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {

struct ListeningSocket {
  FileDescriptor fd;    // non-blocking
  std::string address;  // what was bound, with the port that the system chose: "127.0.0.1:9538"
};

// Listens on `address`: "host:port" with a name or an IP address (IPv6 in brackets), or ":port" for
// every address, of both families where there is IPv6 ("[::]:9538"). Port 0 picks a free one. Of
// the addresses of a name the first is taken, IPv4 before IPv6. kInvalidArgument when it is no such
// text, kResolve, or kIo when it cannot be bound: a port that another process listens on is
// refused, however that one was opened.
[[nodiscard]] Result<ListeningSocket> ListenOn(std::string_view address);

// "10.0.0.7" or "fd00::1"; an IPv4 client of a socket for both families is shown as IPv4.
[[nodiscard]] std::string IpAddressText(const sockaddr_storage& address);

}  // namespace bullmq_exporter
