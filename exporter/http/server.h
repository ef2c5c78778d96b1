#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "exporter/base/error.h"
#include "exporter/base/logger.h"
#include "exporter/http/acceptor.h"
#include "exporter/http/connection.h"
#include "exporter/http/http_message.h"
#include "exporter/http/listening_socket.h"

namespace bullmq_exporter {

struct HttpServerConfig {
  std::string listen_address;  // see ListenOn
  std::size_t max_connections = 512;
  std::size_t max_connections_per_address = 64;
  ConnectionLimits limits;
  ErrorFormat error_format = ErrorFormat::kText;  // of what is refused before the handler
};

// One listener that a hostile client cannot stop: connections are bounded in all and from each
// address, each has a thread of its own, heads of requests and responses have deadlines, and a
// request is handed on only when its whole head has been read and vetted. Requests and responses
// are those of HTTP/1.1 with connections that are kept, GET and HEAD without bodies: after a
// request that has one the connection is closed, and the body is never read as anything else.
//
// Answered without the handler, and then closed: 400 (malformed), 408 (the head took too long),
// 414, 431 (too large), 503 (too many connections).
class HttpServer {
 public:
  // Answers a request; called from many threads at once. It must return within a bounded time,
  // since Stop waits for it. What it throws becomes a 500 that tells nothing.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  // Counts what was turned away: "connections", "per_address", "header", "deadline".
  using RejectionCounter = std::function<void(std::string_view reason)>;

  // Binds the address, so that a port that is taken is known at once; clients wait in the kernel's
  // queue until Start. Errors as ListenOn.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> Listen(HttpServerConfig config,
                                                                  Handler handler,
                                                                  RejectionCounter count_rejected,
                                                                  const Logger& logger);
  // Its end stops it.
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The address that was bound: "127.0.0.1:9538", "[::]:9538".
  [[nodiscard]] const std::string& address() const { return acceptor_.address(); }

  // Begins to accept. At most once.
  [[nodiscard]] Result<void> Start() { return acceptor_.Start(); }

  // Takes no more connections and closes those that wait for a request; responses on their way have
  // two seconds from here. Does not wait. Thread-safe.
  void BeginStop() { acceptor_.BeginStop(); }
  // The same, and waits: when it returns, no connection and no thread is left. May be called more
  // than once, by one thread.
  void Stop() { acceptor_.Stop(); }

  // Connections that are open now.
  [[nodiscard]] std::size_t connections() const { return acceptor_.sessions(); }

 private:
  class Responder;  // makes one connection's responses with cpp-httplib

  HttpServer(HttpServerConfig config, Handler handler, RejectionCounter count_rejected,
             const Logger& logger, ListeningSocket socket);

  void Serve(Acceptor::Session& session) const;
  [[nodiscard]] bool ServeOne(Acceptor::Session& session, Connection& connection,
                              Responder& responder) const;

  const HttpServerConfig config_;
  const Handler handler_;
  const RejectionCounter count_rejected_;
  const Logger logger_;
  Acceptor acceptor_;  // last: its threads use the others
};

}  // namespace bullmq_exporter
