#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exporter/base/file_descriptor.h"
#include "exporter/config/config.h"

namespace bullmq_exporter {

// The server's side of a connection to a ScriptedServer. Everything returns at once when the server
// is being destroyed.
class ScriptedConnection {
 public:
  explicit ScriptedConnection(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  // Waits until everything received so far holds `text` and forgets all of it; false when the peer
  // has closed before.
  bool Expect(std::string_view text);
  // Sends all; false when the peer has closed.
  bool Send(std::string_view bytes);
  // Sends a byte a millisecond.
  bool Drip(std::string_view bytes);
  // Waits until the peer closes.
  void AwaitClose();
  // Closes so that the peer sees a reset.
  void Reset();

 private:
  friend class ScriptedServer;
  FileDescriptor descriptor_;
};

// A server on a free port of 127.0.0.1 that does what a test tells it, right or wrong. Each
// connection is handled by `script`, one after the other, with its number from 0 on, and closed
// when that returns.
class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedConnection&, int number)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] RedisConfig config() const;
  // How many connections have come.
  [[nodiscard]] int connections() const { return connections_; }
  // How many of them the server has closed.
  [[nodiscard]] int closed() const { return closed_; }

 private:
  void Serve();
  void Handle(FileDescriptor accepted);

  const Script script_;
  std::uint16_t port_ = 0;
  FileDescriptor listener_;
  std::atomic<int> connections_ = 0;
  std::atomic<int> closed_ = 0;
  std::mutex mutex_;
  int current_ = -1;  // the descriptor of the connection that is being handled
  bool stopping_ = false;
  std::thread thread_;
};

// A port of 127.0.0.1 that answers no connection: its queue is full, so that SYNs are dropped, as
// by a firewall.
class BlackHole {
 public:
  BlackHole();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  FileDescriptor listener_;
  std::vector<FileDescriptor> waiting_;
};

// Binds a socket to a free port of 127.0.0.1 and listens.
[[nodiscard]] FileDescriptor ListenOnFreePort(int backlog, std::uint16_t& port);

}  // namespace bullmq_exporter
