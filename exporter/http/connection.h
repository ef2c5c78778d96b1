#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace bullmq_exporter {

// How long a client may take, and how much it may say.
struct ConnectionLimits {
  std::chrono::milliseconds idle = std::chrono::seconds(5);   // until the first byte of a request
  std::chrono::milliseconds head = std::chrono::seconds(2);   // from there to the end of its head
  std::chrono::milliseconds write = std::chrono::seconds(8);  // for a whole response
  std::size_t head_bytes = 16384;
};

// A client's connection as bytes with deadlines: heads of requests in, responses out. It does not
// own the descriptor, which must be non-blocking. Not thread-safe; another thread may shut the
// descriptor down, which ends every wait here.
class Connection {
 public:
  enum class Head {
    kComplete,
    kClosed,    // the client has gone, or said nothing until the idle deadline
    kDeadline,  // it began and did not end in time
    kTooLarge,
    kMalformed,  // a line ends without a carriage return
  };

  Connection(int fd, const ConnectionLimits& limits) : fd_(fd), limits_(limits) {}

  // Reads until the empty line that ends a head; what came behind it is kept for the next call.
  [[nodiscard]] Head ReadHead();

  // The head that was read last, from its request line to the empty line. Valid until the next
  // ReadHead.
  [[nodiscard]] std::string_view head() const { return {buffer_.data(), head_size_}; }

  // Begins a response: its deadline starts with the first byte that is written.
  void BeginResponse() { write_deadline_.reset(); }

  // Small pieces are gathered until Flush or until they are worth sending. False once the client
  // has gone or the deadline has passed.
  [[nodiscard]] bool Write(std::string_view bytes);
  [[nodiscard]] bool Flush();

  // Whether a write would not fail at once.
  [[nodiscard]] bool writable() const;

  // A response failed because its deadline passed, not because the client had gone.
  [[nodiscard]] bool write_timed_out() const { return write_timed_out_; }

  // Ends the sending side and takes in, for a short time and up to a bound, what the client still
  // sends: to close at once would reset the connection, and with it the response on its way.
  void Linger();

 private:
  enum class Io { kDone, kDeadline, kClosed };

  [[nodiscard]] Io Receive(char* to, std::size_t size, SteadyClock::time_point deadline,
                           std::size_t& received) const;
  [[nodiscard]] bool Send(std::string_view bytes);
  [[nodiscard]] bool Wait(short events, SteadyClock::time_point deadline) const;

  const int fd_;
  const ConnectionLimits limits_;
  std::string buffer_;
  std::size_t head_size_ = 0;  // of the head at the front of buffer_
  std::string pending_;        // written and not yet sent
  std::optional<SteadyClock::time_point> write_deadline_;
  bool failed_ = false;
  bool write_timed_out_ = false;
};

}  // namespace bullmq_exporter
