#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/base/logger.h"
#include "exporter/http/connection_counts.h"
#include "exporter/http/listening_socket.h"

namespace bullmq_exporter {

// Accepts the clients of a listening socket, within bounds, and serves each on a thread of its own,
// which is made when the client comes: no number of slow ones can keep another from being served.
class Acceptor {
 public:
  // A client's connection while it is served.
  class Session {
   public:
    [[nodiscard]] int fd() const { return fd_.get(); }  // non-blocking
    [[nodiscard]] const std::string& remote_address() const { return remote_address_; }

    // Between the two, stopping waits a while for the session, and then cuts its connection;
    // outside it cuts it at once. BeginAnswer is false when the session is to end instead.
    [[nodiscard]] bool BeginAnswer();
    void EndAnswer();

   private:
    friend class Acceptor;
    Acceptor* acceptor_ = nullptr;
    FileDescriptor fd_;  // closed under the acceptor's mutex, where stopping may shut it down
    std::string remote_address_;
    bool answering_ = false;
    std::thread thread_;
  };

  // Talks with a client until its connection is to be closed; called from many threads at once. It
  // must end soon after the connection was shut down, and within a bounded time in any case.
  using Serve = std::function<void(Session&)>;
  // Counts what was turned away: "connections", "per_address".
  using RejectionCounter = std::function<void(std::string_view reason)>;

  Acceptor(ListeningSocket socket, ConnectionCounts bounds, Serve serve,
           RejectionCounter count_rejected, const Logger& logger);
  ~Acceptor();  // stops
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  [[nodiscard]] const std::string& address() const { return socket_.address; }

  // Begins to accept. At most once.
  [[nodiscard]] Result<void> Start();

  // Asks to take no more clients and to end all sessions, and does not wait for it. Thread-safe.
  void BeginStop();
  // Waits for it: when this returns, no connection and no thread is left. Sessions that answer may
  // go on for two seconds from BeginStop, which this calls where it was not called before. May be
  // called more than once, by one thread.
  void Stop();
  [[nodiscard]] bool stopping() const { return stopping_; }

  // Sessions that are there now. Thread-safe.
  [[nodiscard]] std::size_t sessions() const;

 private:
  using SessionList = std::list<Session>;

  void Loop();
  void AcceptOne();
  void Pause(int error);
  void Open(FileDescriptor fd, const sockaddr_storage& peer);
  void Refuse(FileDescriptor fd, std::string_view reason) const;
  void Run(SessionList::iterator session);
  void JoinFinished();
  void EndSessions();
  [[nodiscard]] bool ShutDownSessions(bool answering_too);
  void WaitForWake(int timeout_ms) const;
  void Wake() const;

  ListeningSocket socket_;
  const Serve serve_;
  const RejectionCounter count_rejected_;
  const Logger logger_;
  const FileDescriptor wake_;  // an eventfd that ends the waits of the loop and of Stop
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<SteadyClock::time_point> grace_ends_{SteadyClock::time_point()};
  bool paused_ = false;  // of the loop: it has said so in the log

  mutable std::mutex mutex_;  // of what follows
  SessionList sessions_;
  SessionList finished_;  // their threads are to be joined
  ConnectionCounts counts_;
};

}  // namespace bullmq_exporter
