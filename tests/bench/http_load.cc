// A bounded load of GETs on a server of this machine:
//
//   http_load PORT PATH CONNECTIONS SECONDS PACE_MS [HEADER…]
//
// Each connection is kept alive and sends its next request when the last answer has come whole, but
// not before PACE_MS have passed since the last request. `{}` in PATH is the number of the
// connection, from 1 on. Half a second before those counted warms up. Prints JSON: requests a
// second, times from request to last byte, sizes. Fails where an answer is not 200.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {
namespace {

constexpr auto kWarmUp = std::chrono::milliseconds(500);
constexpr int kMaxConnections = 256;
constexpr int kMaxSeconds = 600;

[[noreturn]] void Die(std::string_view what) {
  std::fprintf(stderr, "http_load: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

FileDescriptor Connect(std::uint16_t port) {
  FileDescriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int on = 1;
  setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    Die("cannot connect");
  }
  return connection;
}

std::string_view HeaderValue(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at)) {
    at += 2;
    if (head.size() - at > name.size() && head[at + name.size()] == ':' &&
        strncasecmp(head.data() + at, name.data(), name.size()) == 0) {
      const std::string_view value = head.substr(at + name.size() + 1);
      return value.substr(0, value.find("\r\n"));
    }
  }
  return {};
}

// One connection and what it saw.
class Client {
 public:
  Client(std::uint16_t port, std::string request)
      : connection_(Connect(port)), request_(std::move(request)), buffer_(256 << 10) {}

  void Run(SteadyClock::time_point count_from, SteadyClock::time_point end,
           std::chrono::milliseconds pace) {
    for (auto now = SteadyClock::now(); now < end; now = SteadyClock::now()) {
      const std::size_t bytes = Exchange();
      const std::chrono::duration<double, std::milli> took = SteadyClock::now() - now;
      if (now >= count_from) {
        times_ms_.push_back(took.count());
        bytes_ += bytes;
      }
      std::this_thread::sleep_until(now + pace);
    }
  }

  [[nodiscard]] const std::vector<double>& times_ms() const { return times_ms_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  // Returns the bytes of the answer.
  std::size_t Exchange() {
    if (send(connection_.get(), request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      Die("cannot send");
    }
    std::size_t head_size = 0;
    std::size_t received = 0;
    while (head_size == 0) {
      received += Receive(received);
      const std::string_view bytes(buffer_.data(), received);
      const std::size_t end = bytes.find("\r\n\r\n");
      if (end != std::string_view::npos) head_size = end + 4;
    }
    const std::string_view head(buffer_.data(), head_size);
    if (head.substr(0, 13) != "HTTP/1.1 200 ") Die(head);
    const std::string_view length = HeaderValue(head, "Content-Length");
    if (length.empty()) Die("an answer without Content-Length");
    const std::size_t whole = head_size + std::strtoull(length.data(), nullptr, 10);
    while (received < whole) received += Receive(0);
    return whole;
  }

  std::size_t Receive(std::size_t at) {
    const ssize_t size = recv(connection_.get(), buffer_.data() + at, buffer_.size() - at, 0);
    if (size <= 0) Die("the server closed a connection");
    return static_cast<std::size_t>(size);
  }

  FileDescriptor connection_;
  const std::string request_;
  std::vector<char> buffer_;
  std::vector<double> times_ms_;
  std::size_t bytes_ = 0;
};

void Print(const std::vector<Client>& clients, int seconds) {
  std::vector<double> times;
  std::size_t bytes = 0;
  for (const Client& client : clients) {
    times.insert(times.end(), client.times_ms().begin(), client.times_ms().end());
    bytes += client.bytes();
  }
  if (times.empty()) Die("no request came to its end in time");
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(times.size()));
    return times[std::min(index, times.size() - 1)];
  };
  std::printf(R"({"requests": %zu, "requests_per_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, )"
              R"("max_ms": %.3f, "bytes_per_answer": %zu})"
              "\n",
              times.size(), static_cast<double>(times.size()) / seconds, quantile(0.5),
              quantile(0.99), times.back(), bytes / times.size());
}

std::string RequestFor(std::string path, int connection, int headers, char** header) {
  const std::size_t place = path.find("{}");
  if (place != std::string::npos) path.replace(place, 2, std::to_string(connection));
  std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (int i = 0; i < headers; ++i) request.append(header[i]).append("\r\n");
  return request.append("\r\n");
}

void Load(int argc, char** argv) {
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const int connections = std::atoi(argv[3]);
  const int seconds = std::atoi(argv[4]);
  const std::chrono::milliseconds pace(std::atoi(argv[5]));
  if (connections < 1 || connections > kMaxConnections) Die("1 to 256 connections");
  if (seconds < 1 || seconds > kMaxSeconds) Die("1 to 600 seconds");
  std::vector<Client> clients;
  for (int i = 1; i <= connections; ++i) {
    clients.emplace_back(port, RequestFor(argv[2], i, argc - 6, argv + 6));
  }
  const auto count_from = SteadyClock::now() + kWarmUp;
  const auto end = count_from + std::chrono::seconds(seconds);
  {
    std::vector<std::jthread> threads;
    for (Client& client : clients) {
      threads.emplace_back([&client, count_from, end, pace] { client.Run(count_from, end, pace); });
    }
  }
  Print(clients, seconds);
}

}  // namespace
}  // namespace bullmq_exporter

int main(int argc, char** argv) {
  if (argc < 6) bullmq_exporter::Die("http_load PORT PATH CONNECTIONS SECONDS PACE_MS [HEADER…]");
  bullmq_exporter::Load(argc, argv);
}
