#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "exporter/http/server.h"

namespace bullmq_exporter {

// A server on a free port of the loopback interface, with what it turned away.
class TestServer {
 public:
  static HttpServerConfig Config() {
    HttpServerConfig config;
    config.listen_address = "127.0.0.1:0";
    return config;
  }

  explicit TestServer(HttpServer::Handler handler, HttpServerConfig config = Config()) {
    server_ = HttpServer::Listen(
                  std::move(config), std::move(handler),
                  [this](std::string_view reason) {
                    const std::lock_guard lock(mutex_);
                    ++rejected_[std::string(reason)];
                  },
                  Logger(LogLevel::kError, LogFormat::kLogfmt))
                  .value();
    if (!server_->Start()) throw std::runtime_error("the server does not start");
  }

  [[nodiscard]] HttpServer& server() { return *server_; }
  [[nodiscard]] std::uint16_t port() const {
    const std::string& address = server_->address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  [[nodiscard]] std::size_t rejected(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    return rejected_[reason];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::size_t> rejected_;
  std::unique_ptr<HttpServer>
      server_;  // last: its threads count into the map until they have ended
};

// What the server made of a request, as text: one line each for method, target, segments,
// parameters.
inline HttpResponse Echo(const HttpRequest& request) {
  std::string text = request.method + " " + request.target + "\n";
  for (const std::string& segment : request.path) text += "segment [" + segment + "]\n";
  for (const auto& [name, value] : request.query) text += "query [" + name + "] [" + value + "]\n";
  HttpResponse response;
  response.body = std::move(text);
  return response;
}

}  // namespace bullmq_exporter
