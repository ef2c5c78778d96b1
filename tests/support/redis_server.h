#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "tests/support/temporary_folder.h"

namespace bullmq_exporter {

// The server programs for tests, of which some may not be installed: Valkey is in Debian 13 only.
enum class ServerKind { kRedis, kRedis62, kValkey };
[[nodiscard]] std::string ServerProgram(ServerKind kind);
[[nodiscard]] bool IsInstalled(ServerKind kind);

struct ServerOptions {
  ServerKind kind = ServerKind::kRedis;
  std::string password;       // requirepass
  std::string acl_file;       // path
  std::string tls_cert_file;  // with the two others: the port speaks TLS only
  std::string tls_key_file;
  std::string tls_ca_file;
  bool tls_auth_clients = false;
  std::vector<std::string> arguments;  // more settings: {"--maxclients", "5"}
};

// A real server on a free port of 127.0.0.1 and on a unix socket, in a folder of its own, without
// persistence. The constructor waits until it accepts connections and throws where it does not
// start. It dies with the test program, even when that one crashes.
class RedisServer {
 public:
  explicit RedisServer(ServerOptions options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string socket_path() const { return folder_.File("redis.sock"); }
  // redis://127.0.0.1:port (rediss:// with TLS), with the password of the options.
  [[nodiscard]] RedisConfig config() const;
  // The same by the unix socket.
  [[nodiscard]] RedisConfig socket_config() const;
  [[nodiscard]] std::string log() const;

  // SIGSTOP and SIGCONT; the first returns once the process stands still.
  void Pause() const;
  void Resume() const;
  // Ends the server and starts it again on the same port, empty.
  void Restart();
  void Stop();

 private:
  void Start();
  [[nodiscard]] bool TryStart();
  [[nodiscard]] std::vector<std::string> Arguments() const;

  const ServerOptions options_;
  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace bullmq_exporter
