#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;

std::uint16_t FreePort() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(probe.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

// The socket is named after the port has been bound, so it stands for both.
bool Accepts(const std::string& path) {
  const FileDescriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

// Between fork and exec only what a signal handler may do.
[[noreturn]] void BecomeServer(char* const* arguments, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

std::string ServerProgram(ServerKind kind) {
  const char* folder = std::getenv("BULLMQ_TEST_BIN");
  const std::string bin = folder == nullptr ? "/opt/bullmq_exporter/test/bin" : folder;
  switch (kind) {
    case ServerKind::kRedis: return bin + "/redis-server";
    case ServerKind::kRedis62: return bin + "/redis-server-6.2";
    case ServerKind::kValkey: return bin + "/valkey-server";
  }
  return {};
}

bool IsInstalled(ServerKind kind) { return access(ServerProgram(kind).c_str(), X_OK) == 0; }

RedisServer::RedisServer(ServerOptions options) : options_(std::move(options)) { Start(); }

RedisServer::~RedisServer() { Stop(); }

std::vector<std::string> RedisServer::Arguments() const {
  const std::string port = std::to_string(port_);
  const bool tls = !options_.tls_cert_file.empty();
  std::vector<std::string> arguments = {ServerProgram(options_.kind),
                                        "--port",
                                        tls ? "0" : port,
                                        "--bind",
                                        "127.0.0.1",
                                        "--save",
                                        "",
                                        "--appendonly",
                                        "no",
                                        "--dir",
                                        folder_.path(),
                                        "--logfile",
                                        folder_.File("log"),
                                        "--unixsocket",
                                        socket_path(),
                                        "--daemonize",
                                        "no"};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {name, value});
  };
  add("--requirepass", options_.password);
  add("--aclfile", options_.acl_file);
  if (tls) {
    add("--tls-port", port);
    add("--tls-cert-file", options_.tls_cert_file);
    add("--tls-key-file", options_.tls_key_file);
    add("--tls-ca-cert-file", options_.tls_ca_file);
    add("--tls-auth-clients", options_.tls_auth_clients ? "yes" : "no");
  }
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  return arguments;
}

void RedisServer::Start() {
  // Somebody else may take the port between the probe and the start.
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = FreePort();
    if (TryStart()) return;
  }
  throw std::runtime_error("the server does not start: " + log());
}

bool RedisServer::TryStart() {
  std::filesystem::remove(socket_path());
  auto arguments = Arguments();
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) BecomeServer(pointers.data(), parent);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < deadline) {
    if (Accepts(socket_path())) return true;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    std::this_thread::sleep_for(5ms);
  }
  Stop();
  return false;
}

void RedisServer::Pause() const {
  kill(pid_, SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);
}

void RedisServer::Resume() const { kill(pid_, SIGCONT); }

void RedisServer::Stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::Restart() {
  Stop();
  if (!TryStart()) throw std::runtime_error("the server does not start again: " + log());
}

RedisConfig RedisServer::config() const {
  RedisConfig config;
  config.address.scheme =
      options_.tls_cert_file.empty() ? RedisAddress::Scheme::kTcp : RedisAddress::Scheme::kTls;
  config.address.port = port_;
  config.password = options_.password;
  config.tls.ca_file = options_.tls_ca_file;
  return config;
}

RedisConfig RedisServer::socket_config() const {
  RedisConfig config = this->config();
  config.address.scheme = RedisAddress::Scheme::kUnix;
  config.address.path = socket_path();
  return config;
}

std::string RedisServer::log() const {
  std::ifstream file(folder_.File("log"));
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace bullmq_exporter
