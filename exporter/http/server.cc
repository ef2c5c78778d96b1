#include "exporter/http/server.h"

#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/http/request_head.h"
#include "exporter/http/request_target.h"

namespace bullmq_exporter {
namespace {

constexpr std::chrono::seconds kStopGrace{3};
constexpr int kPauseMs = 100;  // when no descriptor is free

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

struct HttpServer::Session {
  FileDescriptor fd;  // closed under the server's mutex, where Stop may shut it down
  std::string remote_address;
  bool answering = false;  // between a whole head and the end of its response
  std::thread thread;
};

// cpp-httplib's server without its sockets and threads: process_request is given one request and
// writes one response. One per connection, so that connections share nothing.
class HttpServer::Responder : private httplib::Server {
 public:
  Responder(const HttpServer& server, Connection& connection)
      : server_(server), connection_(connection) {
    svr_sock_ = 0;  // anything but INVALID_SOCKET, which would mean that it shuts down
    set_keep_alive_timeout(server.config_.limits.idle.count() / 1000);
    set_exception_handler(
        [this](const httplib::Request&, httplib::Response& to, std::exception_ptr) {
          server_.logger_.Error("a request's handler failed");
          Fill(ErrorResponse(server_.config_.error_format, 500, "Internal error"), to);
        });
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      Fill(server_.handler_(*request_), to);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& to) {
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
    const std::string& body = std::get<std::string>(answer.body);
    connection_.BeginResponse();
    return connection_.Write(
               "HTTP/1.1 " + std::to_string(status) + " " + httplib::status_message(status) +
               "\r\nConnection: close\r\nContent-Type: " + answer.content_type +
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
                                                       Logger logger) {
  Result<ListeningSocket> socket = ListenOn(config.listen_address);
  if (!socket) return Fail(socket.error());
  FileDescriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.valid()) return Fail(ErrorCode::kIo, std::generic_category().message(errno));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(config), std::move(handler),
                                                    std::move(count_rejected), std::move(logger),
                                                    *std::move(socket), std::move(wake)));
}

HttpServer::HttpServer(HttpServerConfig config, Handler handler, RejectionCounter count_rejected,
                       Logger logger, ListeningSocket socket, FileDescriptor wake)
    : config_(std::move(config)),
      handler_(std::move(handler)),
      count_rejected_(std::move(count_rejected)),
      logger_(std::move(logger)),
      socket_(std::move(socket)),
      wake_(std::move(wake)),
      counts_(config_.max_connections, config_.max_connections_per_address) {}

HttpServer::~HttpServer() { Stop(); }

Result<void> HttpServer::Start() {
  try {
    accept_thread_ = std::thread([this] { AcceptLoop(); });
  } catch (const std::system_error&) {
    return Fail(ErrorCode::kIo, "cannot start the thread of " + socket_.address);
  }
  return {};
}

void HttpServer::Stop() {
  if (!stopping_.exchange(true)) {
    Wake();
    if (accept_thread_.joinable()) accept_thread_.join();
    socket_.fd.Reset();
    EndSessions();
  }
}

std::size_t HttpServer::connections() const {
  const std::lock_guard lock(mutex_);
  return counts_.total();
}

void HttpServer::Wake() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the loop wakes anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void HttpServer::AcceptLoop() {
  std::array<pollfd, 2> waiting = {{{socket_.fd.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (!stopping_) {
    ::poll(waiting.data(), waiting.size(), -1);
    if ((waiting[1].revents & POLLIN) != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
      JoinFinished();
    }
    if ((waiting[0].revents & POLLIN) != 0 && !stopping_) AcceptOne();
  }
}

void HttpServer::AcceptOne() {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  FileDescriptor fd(::accept4(socket_.fd.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                              SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd.valid()) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      PauseAccepting(errno);
    }
    return;
  }
  out_of_descriptors_ = false;
  Open(std::move(fd), peer);
}

// The client stays in the kernel's queue, so the socket would wake us again at once.
void HttpServer::PauseAccepting(int error) {
  if (!std::exchange(out_of_descriptors_, true)) {
    logger_.Warn("cannot accept connections for now",
                 {{"address", socket_.address}, {"error", std::generic_category().message(error)}});
  }
  pollfd waiting{wake_.get(), POLLIN, 0};
  ::poll(&waiting, 1, kPauseMs);
}

void HttpServer::Open(FileDescriptor fd, const sockaddr_storage& peer) {
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::string address = IpAddressText(peer);
  const std::lock_guard lock(mutex_);
  switch (counts_.Admit(address)) {
    case ConnectionCounts::Verdict::kAdmitted: break;
    case ConnectionCounts::Verdict::kFull: return Refuse(std::move(fd), "connections");
    case ConnectionCounts::Verdict::kAddressFull: return Refuse(std::move(fd), "per_address");
  }
  sessions_.emplace_front();
  const auto session = sessions_.begin();
  session->fd = std::move(fd);
  session->remote_address = std::move(address);
  try {
    session->thread = std::thread([this, session] { Run(session); });
  } catch (const std::system_error&) {  // the system has no thread for it
    counts_.Release(session->remote_address);
    Refuse(std::move(session->fd), "connections");
    sessions_.pop_front();
  }
}

// Without waiting: a client that does not read gets no answer.
void HttpServer::Refuse(FileDescriptor fd, std::string_view reason) const {
  static constexpr std::string_view kAnswer =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
      "Content-Length: 0\r\n\r\n";
  count_rejected_(reason);
  ::send(fd.get(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
  ::shutdown(fd.get(), SHUT_WR);
  std::array<char, 4096> unread;  // closing with something unread would reset the connection
  ::recv(fd.get(), unread.data(), unread.size(), 0);
}

void HttpServer::Run(std::list<Session>::iterator session) {
  Serve(*session);
  {
    const std::lock_guard lock(mutex_);
    counts_.Release(session->remote_address);
    session->fd.Reset();
    finished_.splice(finished_.begin(), sessions_, session);
  }
  Wake();
}

void HttpServer::Serve(Session& session) {
  Connection connection(session.fd.get(), config_.limits);
  Responder responder(*this, connection);
  while (ServeOne(session, connection, responder)) {
  }
}

// False when the connection is to be closed.
bool HttpServer::ServeOne(Session& session, Connection& connection, Responder& responder) {
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
  const std::optional<HttpRequest> request = MakeRequest(*head, session.remote_address);
  if (!request) return refuse("header", 400, "malformed request target");
  if (!BeginAnswer(session)) return false;
  const bool close = head->close || head->has_body;
  const bool sent = responder.Respond(*request, head->http_1_0, close);
  EndAnswer(session);
  if (connection.write_timed_out()) count_rejected_("deadline");
  if (sent && close) connection.Linger();
  return sent && !close && !stopping_;
}

// False when the server stops. From here to EndAnswer Stop lets the session go on for a while.
bool HttpServer::BeginAnswer(Session& session) {
  const std::lock_guard lock(mutex_);
  session.answering = !stopping_;
  return session.answering;
}

void HttpServer::EndAnswer(Session& session) {
  const std::lock_guard lock(mutex_);
  session.answering = false;
}

void HttpServer::JoinFinished() {
  std::list<Session> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (Session& session : finished) session.thread.join();
}

void HttpServer::EndSessions() {
  const auto shut_down = [this](bool answering_too) {
    const std::lock_guard lock(mutex_);
    for (Session& session : sessions_) {
      if (answering_too || !session.answering) ::shutdown(session.fd.get(), SHUT_RDWR);
    }
    return sessions_.empty();
  };
  const SteadyClock::time_point deadline = SteadyClock::now() + kStopGrace;
  // Each session that ends writes to the eventfd: wait for that, not for a time.
  while (!shut_down(SteadyClock::now() >= deadline)) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd waiting{wake_.get(), POLLIN, 0};
    ::poll(&waiting, 1, left > 0 ? static_cast<int>(left) : kPauseMs);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
  }
  JoinFinished();
}

}  // namespace bullmq_exporter
