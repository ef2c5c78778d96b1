#include "exporter/http/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>

namespace bullmq_exporter {
namespace {

constexpr std::chrono::seconds kStopGrace{2};
constexpr int kPauseMs = 100;  // when no descriptor is free, and between cuts at the end

std::string ErrorText(int error) { return std::generic_category().message(error); }

}  // namespace

bool Acceptor::Session::BeginAnswer() {
  const std::lock_guard lock(acceptor_->mutex_);
  answering_ = !acceptor_->stopping_;
  return answering_;
}

void Acceptor::Session::EndAnswer() {
  const std::lock_guard lock(acceptor_->mutex_);
  answering_ = false;
}

Acceptor::Acceptor(ListeningSocket socket, ConnectionCounts bounds, Serve serve,
                   RejectionCounter count_rejected, const Logger& logger)
    : socket_(std::move(socket)),
      serve_(std::move(serve)),
      count_rejected_(std::move(count_rejected)),
      logger_(logger),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      counts_(std::move(bounds)) {}

Acceptor::~Acceptor() { Stop(); }

Result<void> Acceptor::Start() {
  if (!wake_.valid()) return Fail(ErrorCode::kIo, "no descriptor is free");
  try {
    thread_ = std::thread([this] { Loop(); });
  } catch (const std::system_error& error) {
    return Fail(ErrorCode::kIo, "cannot start a thread: " + error.code().message());
  }
  return {};
}

void Acceptor::BeginStop() {
  if (stopping_.exchange(true)) return;
  grace_ends_ = SteadyClock::now() + kStopGrace;
  Wake();
}

void Acceptor::Stop() {
  BeginStop();
  if (thread_.joinable()) thread_.join();
  socket_.fd.Reset();
  EndSessions();
}

std::size_t Acceptor::sessions() const {
  const std::lock_guard lock(mutex_);
  return counts_.total();
}

void Acceptor::Wake() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then whoever waits wakes anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void Acceptor::WaitForWake(int timeout_ms) const {
  pollfd waiting{wake_.get(), POLLIN, 0};
  ::poll(&waiting, 1, timeout_ms);
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
}

void Acceptor::Loop() {
  std::array<pollfd, 2> waiting = {{{socket_.fd.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (!stopping_) {
    ::poll(waiting.data(), waiting.size(), -1);
    if ((waiting[1].revents & POLLIN) != 0) {
      WaitForWake(0);
      JoinFinished();
    }
    if ((waiting[0].revents & POLLIN) != 0 && !stopping_) AcceptOne();
  }
  // Whoever waits in the kernel's queue is refused at once, not when the last session has ended.
  ::shutdown(socket_.fd.get(), SHUT_RDWR);
}

void Acceptor::AcceptOne() {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  FileDescriptor fd(::accept4(socket_.fd.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                              SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd.valid()) {
    const int error = errno;
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) Pause(error);
    return;
  }
  paused_ = false;
  Open(std::move(fd), peer);
}

// The client stays in the kernel's queue, so the socket would wake us again at once.
void Acceptor::Pause(int error) {
  if (!std::exchange(paused_, true)) {
    logger_.Warn("cannot accept connections for now",
                 {{"address", socket_.address}, {"error", ErrorText(error)}});
  }
  pollfd waiting{wake_.get(), POLLIN, 0};
  ::poll(&waiting, 1, kPauseMs);
}

void Acceptor::Open(FileDescriptor fd, const sockaddr_storage& peer) {
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
  session->acceptor_ = this;
  session->fd_ = std::move(fd);
  session->remote_address_ = std::move(address);
  try {
    session->thread_ = std::thread([this, session] { Run(session); });
  } catch (const std::system_error&) {  // the system has no thread for it
    counts_.Release(session->remote_address_);
    Refuse(std::move(session->fd_), "connections");
    sessions_.pop_front();
  }
}

// Without waiting: a client that does not read gets no answer.
void Acceptor::Refuse(FileDescriptor fd, std::string_view reason) const {
  static constexpr std::string_view kAnswer =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
      "Content-Length: 0\r\n\r\n";
  count_rejected_(reason);
  ::send(fd.get(), kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
  ::shutdown(fd.get(), SHUT_WR);
  std::array<char, 4096> unread;  // closing with something unread would reset the connection
  ::recv(fd.get(), unread.data(), unread.size(), 0);
}

void Acceptor::Run(SessionList::iterator session) {
  try {
    serve_(*session);
  } catch (const std::exception&) {  // no memory; its text is not for a log
    logger_.Error("a connection was given up", {{"client", session->remote_address_}});
  }
  {
    const std::lock_guard lock(mutex_);
    counts_.Release(session->remote_address_);
    session->fd_.Reset();
    finished_.splice(finished_.begin(), sessions_, session);
  }
  Wake();
}

void Acceptor::JoinFinished() {
  SessionList finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (Session& session : finished) session.thread_.join();
}

void Acceptor::EndSessions() {
  // Each session that ends wakes us.
  while (!ShutDownSessions(SteadyClock::now() >= grace_ends_.load())) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(grace_ends_.load() - SteadyClock::now());
    WaitForWake(left.count() > 0 ? static_cast<int>(left.count()) : kPauseMs);
  }
  JoinFinished();
}

// Says whether there are none.
bool Acceptor::ShutDownSessions(bool answering_too) {
  const std::lock_guard lock(mutex_);
  for (Session& session : sessions_) {
    if (answering_too || !session.answering_) ::shutdown(session.fd_.get(), SHUT_RDWR);
  }
  return sessions_.empty();
}

}  // namespace bullmq_exporter
