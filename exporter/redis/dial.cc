#include "exporter/redis/dial.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

constexpr auto kNextAddressAfter = 250ms;
constexpr int kIdleSeconds = 15;  // before the first keepalive probe
constexpr int kProbeSeconds = 5;  // between probes
constexpr int kProbes = 3;
constexpr unsigned kUnacknowledgedMs = 15'000;  // data that nobody acknowledges

template <class T>
void SetOption(int descriptor, int level, int name, T value) {
  // An option that the system refuses only makes a dead peer show later.
  (void)setsockopt(descriptor, level, name, &value, sizeof value);
}

void SetTcpOptions(int descriptor) {
  SetOption(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
  SetOption(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  SetOption(descriptor, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  SetOption(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs);
}

// A port of the range for outgoing connections can be given to the very socket that connects to it.
bool IsConnectedToItself(int descriptor) {
  sockaddr_storage here{};
  sockaddr_storage there{};
  socklen_t here_size = sizeof here;
  socklen_t there_size = sizeof there;
  return getsockname(descriptor, reinterpret_cast<sockaddr*>(&here), &here_size) == 0 &&
         getpeername(descriptor, reinterpret_cast<sockaddr*>(&there), &there_size) == 0 &&
         here_size == there_size && std::memcmp(&here, &there, here_size) == 0;
}

// The state of several tries at once.
class Race {
 public:
  explicit Race(const std::vector<SocketAddress>& addresses) : addresses_(addresses) {}

  Result<FileDescriptor> Run(SteadyClock::time_point deadline) {
    for (;;) {
      const auto now = SteadyClock::now();
      const bool has_next = started_ < addresses_.size();
      if (has_next && now >= next_start_) {
        next_start_ = now + kNextAddressAfter;
        if (auto connected = Start()) return *std::move(connected);
        continue;
      }
      if (tries_.empty()) return Fail(ErrorCode::kConnect, failure_);
      if (now >= deadline) return Fail(ErrorCode::kTimeout, "no connection in time");
      if (auto winner = Wait(has_next ? std::min(deadline, next_start_) : deadline)) {
        return *std::move(winner);
      }
    }
  }

 private:
  struct Try {
    FileDescriptor descriptor;
    const SocketAddress* address;
  };

  // The next address has its turn at once.
  void NoteFailure(const SocketAddress& address, int error) {
    next_start_ = SteadyClock::time_point::min();
    failure_ = std::generic_category().message(error) + " (" + address.Text() + ")";
  }

  std::optional<FileDescriptor> Start() {
    const SocketAddress& address = addresses_[started_++];
    FileDescriptor descriptor(
        socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!descriptor.valid()) {
      NoteFailure(address, errno);
      return std::nullopt;
    }
    SetTcpOptions(descriptor.get());
    if (connect(descriptor.get(), address.get(), address.size) == 0) {
      return Accept(std::move(descriptor), address);
    }
    if (errno == EINPROGRESS) {
      tries_.push_back({std::move(descriptor), &address});
    } else {
      NoteFailure(address, errno);
    }
    return std::nullopt;
  }

  std::optional<FileDescriptor> Accept(FileDescriptor descriptor, const SocketAddress& address) {
    if (!IsConnectedToItself(descriptor.get())) return descriptor;
    NoteFailure(address, ECONNREFUSED);
    return std::nullopt;
  }

  std::optional<FileDescriptor> Wait(SteadyClock::time_point until) {
    std::vector<pollfd> polled;
    polled.reserve(tries_.size());
    for (const Try& t : tries_) polled.push_back({t.descriptor.get(), POLLOUT, 0});
    if (poll(polled.data(), polled.size(), PollTimeout(until)) <= 0) return std::nullopt;
    std::vector<Try> tries = std::exchange(tries_, {});
    for (std::size_t i = 0; i < tries.size(); ++i) {
      Try& finished = tries[i];
      if (polled[i].revents == 0) {
        tries_.push_back(std::move(finished));
        continue;
      }
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(finished.descriptor.get(), SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) {
        NoteFailure(*finished.address, error);
      } else if (auto winner = Accept(std::move(finished.descriptor), *finished.address)) {
        return winner;
      }
    }
    return std::nullopt;
  }

  const std::vector<SocketAddress>& addresses_;
  std::size_t started_ = 0;
  SteadyClock::time_point next_start_ = SteadyClock::time_point::min();
  std::vector<Try> tries_;
  std::string failure_;
};

}  // namespace

int PollTimeout(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 3'600'000));
}

Result<FileDescriptor> DialTcp(const std::vector<SocketAddress>& addresses,
                               SteadyClock::time_point deadline) {
  return Race(addresses).Run(deadline);
}

Result<FileDescriptor> DialUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Fail(ErrorCode::kConnect, "the path of the socket is too long");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  FileDescriptor descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!descriptor.valid() ||
      connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Fail(ErrorCode::kConnect, std::generic_category().message(errno));
  }
  return descriptor;
}

}  // namespace bullmq_exporter
