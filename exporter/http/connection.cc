#include "exporter/http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace bullmq_exporter {
namespace {

constexpr std::size_t kGatherBytes = 16384;
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr std::chrono::milliseconds kLingerTime{500};

}  // namespace

Connection::Head Connection::ReadHead() {
  buffer_.erase(0, head_size_);
  head_size_ = 0;
  bool started = !buffer_.empty();
  bool skipped = false;
  SteadyClock::time_point deadline = SteadyClock::now() + (started ? limits_.head : limits_.idle);
  std::size_t line = 0;     // where the line begins that has not ended yet
  std::size_t scanned = 0;  // up to where there is no end of a line
  for (;;) {
    for (std::size_t end; (end = buffer_.find('\n', scanned)) != std::string::npos;) {
      if (end == line || buffer_[end - 1] != '\r') return Head::kMalformed;
      scanned = end + 1;
      if (end - line > 1) {
        line = scanned;
      } else if (line == 0) {  // an empty line before a request is to be ignored (RFC 9112, 2.2)
        if (std::exchange(skipped, true)) return Head::kMalformed;
        buffer_.erase(0, scanned);
        scanned = 0;
      } else {
        head_size_ = scanned;
        return Head::kComplete;
      }
    }
    scanned = buffer_.size();
    if (buffer_.size() > limits_.head_bytes) return Head::kTooLarge;
    std::array<char, 4096> piece;
    std::size_t received = 0;
    switch (Receive(piece.data(), std::min(piece.size(), limits_.head_bytes + 1 - buffer_.size()),
                    deadline, received)) {
      case Io::kDone: break;
      case Io::kClosed: return Head::kClosed;
      case Io::kDeadline: return started ? Head::kDeadline : Head::kClosed;
    }
    if (!started) {
      started = true;
      deadline = SteadyClock::now() + limits_.head;
    }
    buffer_.append(piece.data(), received);
  }
}

bool Connection::Write(std::string_view bytes) {
  if (failed_) return false;
  if (pending_.size() + bytes.size() <= kGatherBytes) {
    pending_ += bytes;
    return true;
  }
  return Flush() && Send(bytes);
}

bool Connection::Flush() {
  if (failed_) return false;
  const bool sent = Send(pending_);
  pending_.clear();
  return sent;
}

bool Connection::writable() const {
  return !failed_ && (!write_deadline_ || SteadyClock::now() < *write_deadline_);
}

void Connection::Linger() {
  ::shutdown(fd_, SHUT_WR);
  const SteadyClock::time_point deadline = SteadyClock::now() + kLingerTime;
  std::array<char, 16384> piece;
  for (std::size_t total = 0, received = 0; total < kLingerBytes; total += received) {
    if (Receive(piece.data(), piece.size(), deadline, received) != Io::kDone) return;
  }
}

Connection::Io Connection::Receive(char* to, std::size_t size, SteadyClock::time_point deadline,
                                   std::size_t& received) const {
  for (;;) {
    // A client that always has one more byte must not keep the wait below from ever being reached.
    if (SteadyClock::now() >= deadline) return Io::kDeadline;
    const ssize_t count = ::recv(fd_, to, size, 0);
    if (count > 0) {
      received = static_cast<std::size_t>(count);
      return Io::kDone;
    }
    if (count == 0) return Io::kClosed;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Io::kClosed;
    if (!Wait(POLLIN, deadline)) return Io::kDeadline;
  }
}

bool Connection::Send(std::string_view bytes) {
  if (!write_deadline_) write_deadline_ = SteadyClock::now() + limits_.write;
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      failed_ = true;
      return false;
    }
    const bool blocked = count < 0 && errno == EAGAIN;
    if (bytes.empty()) break;
    if (blocked ? !Wait(POLLOUT, *write_deadline_) : SteadyClock::now() >= *write_deadline_) {
      failed_ = write_timed_out_ = true;
      return false;
    }
  }
  return true;
}

bool Connection::Wait(short events, SteadyClock::time_point deadline) const {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{fd_, events, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long>(left, 1 << 30)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace bullmq_exporter
