#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "exporter/base/file_descriptor.h"

namespace bullmq_exporter {

// Waits until `condition` holds; false when it does not within ten seconds.
template <class Condition>
[[nodiscard]] bool Eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

struct RawResponse {
  int status = 0;  // 0: the connection ended before a whole response
  std::string head;
  std::string body;

  [[nodiscard]] bool Has(std::string_view header_line) const {
    return head.find("\r\n" + std::string(header_line) + "\r\n") != std::string::npos;
  }
};

// A client that sends just what it is told to. Its waits end after ten seconds.
class RawClient {
 public:
  // `from`: an own address of 127.0.0.0/8, so that a test can be many clients. `receive_buffer`:
  // bytes that the kernel takes in for a client that does not read; 0 is the kernel's choice.
  explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1",
                     int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (!fd_.valid()) throw std::runtime_error("no socket");
    if (receive_buffer > 0) {
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address = Address(from, 0);
    if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot bind " + from);
    }
    address = Address("127.0.0.1", port);
    if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }

  // False when the server has closed the connection.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void ShutDownSending() { ::shutdown(fd_.get(), SHUT_WR); }

  // The next response, with its body unless it answers HEAD.
  RawResponse Receive(bool head_only = false) {
    RawResponse response;
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Read()) return response;
    }
    response.head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    const std::size_t length = head_only ? 0 : ContentLength(response.head);
    while (buffer_.size() < length) {
      if (!Read()) return response;
    }
    response.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    response.status = std::stoi(response.head.substr(9, 3));
    return response;
  }

  RawResponse Exchange(std::string_view request) {
    Send(request);
    return Receive();
  }

  RawResponse Get(const std::string& target, const std::string& headers = "") {
    return Exchange("GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n");
  }

  // Whether the server closes the connection, after what it still sends.
  bool IsClosed() {
    while (Read()) {
    }
    return closed_;
  }

  [[nodiscard]] const std::string& unread() const { return buffer_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  static sockaddr_in Address(const std::string& ip, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, ip.c_str(), &address.sin_addr);
    return address;
  }

  static std::size_t ContentLength(const std::string& head) {
    const std::size_t at = head.find("\r\nContent-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 18));
  }

  bool Read() {
    pollfd waiting{fd_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 10000) <= 0) return false;
    std::array<char, 65536> piece;
    const ssize_t count = ::recv(fd_.get(), piece.data(), piece.size(), 0);
    if (count <= 0) {
      closed_ = true;
      return false;
    }
    buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
  }

  FileDescriptor fd_;
  std::string buffer_;
  bool closed_ = false;
};

}  // namespace bullmq_exporter
