#include "tests/support/scripted_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace bullmq_exporter {
namespace {

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

FileDescriptor ListenOnFreePort(int backlog, std::uint16_t& port) {
  FileDescriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener.get(), backlog) != 0 ||
      getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port = ntohs(address.sin_port);
  return listener;
}

bool ScriptedConnection::Expect(std::string_view text) {
  std::string received;
  char buffer[4096];
  while (received.find(text) == std::string::npos) {
    const auto size = recv(descriptor_.get(), buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    received.append(buffer, static_cast<std::size_t>(size));
  }
  return true;
}

bool ScriptedConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool ScriptedConnection::Drip(std::string_view bytes) {
  for (const char& byte : bytes) {
    if (!Send({&byte, 1})) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void ScriptedConnection::AwaitClose() {
  char buffer[4096];
  while (recv(descriptor_.get(), buffer, sizeof buffer, 0) > 0) {
  }
}

void ScriptedConnection::Reset() {
  const linger none{1, 0};
  setsockopt(descriptor_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)), listener_(ListenOnFreePort(16, port_)) {
  thread_ = std::thread([this] { Serve(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_.get(), SHUT_RDWR);
    if (current_ >= 0) shutdown(current_, SHUT_RDWR);
  }
  thread_.join();
}

void ScriptedServer::Serve() {
  for (;;) {
    FileDescriptor accepted(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!accepted.valid()) return;
    Handle(std::move(accepted));
    ++closed_;
  }
}

void ScriptedServer::Handle(FileDescriptor accepted) {
  // What is sent is there for the peer to read, and not kept back until it answers.
  const int yes = 1;
  setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ScriptedConnection connection(std::move(accepted));
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    current_ = connection.descriptor_.get();
  }
  script_(connection, connections_++);
  const std::lock_guard lock(mutex_);
  current_ = -1;
}

RedisConfig ScriptedServer::config() const {
  RedisConfig config;
  config.address.port = port_;
  return config;
}

BlackHole::BlackHole() : listener_(ListenOnFreePort(0, port_)) {
  const sockaddr_in address = Loopback(port_);
  for (;;) {
    FileDescriptor client(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 &&
        errno != EINPROGRESS) {
      throw std::runtime_error("cannot connect to a server of one's own");
    }
    pollfd polled{client.get(), POLLOUT, 0};
    const bool connected = poll(&polled, 1, 200) == 1;
    waiting_.push_back(std::move(client));
    if (!connected) return;
  }
}

}  // namespace bullmq_exporter
