#include "exporter/redis/resolver.h"

#include <netdb.h>
#include <netinet/in.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace bullmq_exporter {
namespace {

using Addresses = Result<std::vector<SocketAddress>>;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

Addresses LookUp(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failure != 0) {
    const std::string cause =
        failure == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(failure);
    return Fail(ErrorCode::kResolve, "the host name cannot be resolved: " + cause);
  }
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    SocketAddress& address = addresses.emplace_back();
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  return addresses;
}

}  // namespace

std::string SocketAddress::Text() const {
  char host[NI_MAXHOST];
  if (getnameinfo(get(), size, host, sizeof host, nullptr, 0, NI_NUMERICHOST) != 0) return "?";
  return host;
}

struct Resolver::Lookup {
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  Addresses result;
};

Resolver::Resolver(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

Result<void> Resolver::Start() {
  auto lookup = std::make_shared<Lookup>();
  try {
    std::thread([lookup, host = host_, port = port_] {
      Addresses result = LookUp(host, port, AI_NUMERICSERV);
      const std::lock_guard lock(lookup->mutex);
      lookup->result = std::move(result);
      lookup->done = true;
      lookup->finished.notify_all();
    }).detach();
  } catch (const std::system_error& error) {
    return Fail(ErrorCode::kResolve, std::string("no thread to resolve in: ") + error.what());
  }
  pending_ = std::move(lookup);
  return {};
}

Result<std::vector<SocketAddress>> Resolver::Resolve(SteadyClock::time_point deadline) {
  if (auto literal = LookUp(host_, port_, AI_NUMERICHOST | AI_NUMERICSERV)) return literal;
  if (!pending_) {
    auto started = Start();
    if (!started) return Fail(started.error());
  }
  std::unique_lock lock(pending_->mutex);
  if (!pending_->finished.wait_until(lock, deadline, [&] { return pending_->done; })) {
    return Fail(ErrorCode::kTimeout, "the host name was not resolved in time");
  }
  Addresses result = std::move(pending_->result);
  lock.unlock();
  pending_.reset();
  return result;
}

}  // namespace bullmq_exporter
