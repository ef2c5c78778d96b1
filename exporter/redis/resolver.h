#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"

namespace bullmq_exporter {

// An address to connect to, as the system's calls take it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  // The IP address, for errors.
  [[nodiscard]] std::string Text() const;
};

// Finds the addresses of a host under a deadline, which getaddrinfo itself does not know: a name is
// looked up in a thread of its own. A lookup that overran a deadline goes on, and the next call
// waits for it, so that there is never more than one. Not thread-safe.
class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port);

  // The addresses in the order of preference, at least one. Fails with kResolve or kTimeout.
  [[nodiscard]] Result<std::vector<SocketAddress>> Resolve(SteadyClock::time_point deadline);

 private:
  struct Lookup;
  [[nodiscard]] Result<void> Start();

  std::string host_;
  std::uint16_t port_;
  std::shared_ptr<Lookup> pending_;
};

}  // namespace bullmq_exporter
