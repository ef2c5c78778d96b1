#include "exporter/http/server.h"

#include <httplib.h>

#include <array>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/http/request_head.h"
#include "exporter/http/request_target.h"

namespace bullmq_exporter {
namespace {

// What cpp-httplib reads and writes. It reads a head that we wrote, of a request that we have
// vetted: it would percent-decode the values of headers, the path before it is split, refuse a
// malformed Range before any hook, and wait for bodies. Then the stream ends.
class ResponseStream final : public httplib::Stream {
 public:
  ResponseStream(Connection& connection, std::string head)
      : connection_(connection), head_(std::move(head)) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return connection_.writable(); }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t count = head_.copy(to, size, read_);
    read_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, std::size_t size) override {
    return connection_.Write({from, size}) ? static_cast<ssize_t>(size) : -1;
  }
  using Stream::write;
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  // The library refuses descriptors that are too large for select(), which we do not use.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  Connection& connection_;
  const std::string head_;
  std::size_t read_ = 0;
};

// RFC 9110, 5.6.7: "Tue, 24 Nov 2026 09:14:00 GMT".
std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

std::optional<HttpRequest> MakeRequest(RequestHead& head, const std::string& remote_address) {
  std::optional<RequestTarget> target = ParseRequestTarget(head.target);
  // Of other methods than ours the target may have another form (OPTIONS *): their answer is 405.
  if (!target && (head.method == "GET" || head.method == "HEAD")) return std::nullopt;
  HttpRequest request;
  request.method = std::move(head.method);
  request.target = std::move(head.target);
  if (target) {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
  }
  request.headers = std::move(head.headers);
  request.remote_address = remote_address;
  return request;
}

}  // namespace

// cpp-httplib's server without its sockets and threads: process_request is given one request and
// writes one response. One per connection, so that connections share nothing.
class HttpServer::Responder : private httplib::Server {
 public:
  Responder(const HttpServer& server, Connection& connection)
      : server_(server), connection_(connection) {
    svr_sock_ = 0;  // anything but INVALID_SOCKET, which would mean that it shuts down
    set_exception_handler(
        [this](const httplib::Request&, httplib::Response& to, const std::exception_ptr&) {
          server_.logger_.Error("a request's handler failed");
          Fill(ErrorResponse(server_.config_.error_format, 500, "Internal error"), to);
        });
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      Fill(server_.handler_(*request_), to);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& to) {
      to.headers.erase("Accept-Ranges");
      to.headers.erase("Keep-Alive");
    });
  }

  // Answers and tells whether the whole response was sent.
  bool Respond(const HttpRequest& request, bool http_1_0, bool close) {
    const SteadyClock::time_point begun = SteadyClock::now();
    request_ = &request;
    close_ = close;
    connection_.BeginResponse();
    const bool sent = Process(http_1_0) && connection_.Flush();
    const std::chrono::duration<double> taken = SteadyClock::now() - begun;
    if (response_.done) response_.done({response_.status, taken.count(), sent});
    response_ = {};
    return sent;
  }

  // The same without the handler.
  bool Refuse(int status, std::string_view message) {
    const HttpResponse answer = ErrorResponse(server_.config_.error_format, status, message);
    const auto& body = std::get<std::string>(answer.body);
    connection_.BeginResponse();
    return connection_.Write(
               "HTTP/1.1 " + std::to_string(status) + " " + httplib::status_message(status) +
               "\r\nConnection: close\r\nDate: " + HttpDate() +
               "\r\nContent-Type: " + answer.content_type +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body) &&
           connection_.Flush();
  }

 private:
  bool Process(bool http_1_0) {
    ResponseStream stream(connection_, request_->method + " / HTTP/1.1\r\nConnection: " +
                                           (close_ ? "close" : "keep-alive") + "\r\n\r\n");
    keep_alive_header_ = http_1_0 && !close_;
    bool closed = false;
    try {
      return process_request(stream, request_->remote_address, 0, "", 0, close_, closed, nullptr);
    } catch (...) {  // from a streamed body, which the library calls outside its own handlers
      server_.logger_.Error("a response's body failed");
      return false;
    }
  }

  void Fill(HttpResponse from, httplib::Response& to) {
    response_ = std::move(from);
    to.status = response_.status;
    for (const HttpHeader& header : response_.headers) to.set_header(header.name, header.value);
    to.set_header("Date", HttpDate());
    if (keep_alive_header_) to.set_header("Connection", "keep-alive");
    to.set_content_provider(
        response_.BodySize(), response_.content_type,
        [this](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
          return WriteBody(offset, length, sink);
        });
  }

  // All of the body in one call; a streamed one that gives more or less than it announced is cut,
  // since the client could no longer tell where it ends.
  bool WriteBody(std::size_t offset, std::size_t length, httplib::DataSink& sink) {
    if (offset != 0) return false;
    if (const auto* text = std::get_if<std::string>(&response_.body)) {
      return sink.write(text->data(), text->size());
    }
    std::size_t left = length;
    return std::get<StreamedBody>(response_.body).write([&](std::string_view piece) {
      if (piece.size() > left) return false;
      left -= piece.size();
      return sink.write(piece.data(), piece.size());
    }) && left == 0;
  }

  const HttpServer& server_;
  Connection& connection_;
  const HttpRequest* request_ = nullptr;
  HttpResponse response_;
  bool close_ = false;
  bool keep_alive_header_ = false;
};

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(HttpServerConfig config, Handler handler,
                                                       RejectionCounter count_rejected,
                                                       const Logger& logger) {
  Result<ListeningSocket> socket = ListenOn(config.listen_address);
  if (!socket) return Fail(socket.error());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(config), std::move(handler),
                                                    std::move(count_rejected), logger,
                                                    *std::move(socket)));
}

HttpServer::HttpServer(HttpServerConfig config, Handler handler, RejectionCounter count_rejected,
                       const Logger& logger, ListeningSocket socket)
    : config_(std::move(config)),
      handler_(std::move(handler)),
      count_rejected_(std::move(count_rejected)),
      logger_(logger),
      acceptor_(
          std::move(socket), {config_.max_connections, config_.max_connections_per_address},
          [this](Acceptor::Session& session) { Serve(session); }, count_rejected_, logger) {}

void HttpServer::Serve(Acceptor::Session& session) const {
  Connection connection(session.fd(), config_.limits);
  Responder responder(*this, connection);
  while (ServeOne(session, connection, responder)) {
  }
}

// False when the connection is to be closed.
bool HttpServer::ServeOne(Acceptor::Session& session, Connection& connection,
                          Responder& responder) const {
  const auto refuse = [&](std::string_view reason, int status, std::string_view message) {
    count_rejected_(reason);
    if (responder.Refuse(status, message)) connection.Linger();
    return false;
  };
  switch (connection.ReadHead()) {
    case Connection::Head::kComplete: break;
    case Connection::Head::kClosed: return false;
    case Connection::Head::kDeadline: return refuse("deadline", 408, "the request took too long");
    case Connection::Head::kTooLarge: return refuse("header", 431, "the headers are too large");
    case Connection::Head::kMalformed: return refuse("header", 400, "malformed line");
  }
  tl::expected<RequestHead, HeadRefusal> head = ParseRequestHead(connection.head());
  if (!head) return refuse("header", head.error().status, head.error().message);
  const std::optional<HttpRequest> request = MakeRequest(*head, session.remote_address());
  if (!request) return refuse("header", 400, "malformed request target");
  if (!session.BeginAnswer()) return false;
  const bool close = head->close || head->has_body;
  const bool sent = responder.Respond(*request, head->http_1_0, close);
  session.EndAnswer();
  if (connection.write_timed_out()) count_rejected_("deadline");
  if (sent && close) connection.Linger();
  return sent && !close && !acceptor_.stopping();
}

}  // namespace bullmq_exporter
