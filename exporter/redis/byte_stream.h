#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/redis/tls.h"

namespace bullmq_exporter {

// A non-blocking stream of bytes over TCP, TLS or a unix socket. Nothing waits but Wait and
// Handshake, and those no longer than their deadline. After a failure the stream is of no use. Not
// thread-safe.
class ByteStream {
 public:
  // Takes a connected, non-blocking descriptor.
  explicit ByteStream(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

  // Starts TLS and verifies the peer (see MakeTlsSession). Nothing may be written before. Fails
  // with kTls, kClosed or kTimeout.
  [[nodiscard]] Result<void> Handshake(const RedisTlsConfig& config, const std::string& host,
                                       SteadyClock::time_point deadline);

  // Writes what goes without waiting and returns how much; 0 when nothing does. Fails with kClosed
  // or kTls.
  [[nodiscard]] Result<std::size_t> Write(std::string_view bytes);

  // Reads what is there and returns how much; 0 when nothing is. Fails with kClosed or kTls.
  [[nodiscard]] Result<std::size_t> Read(std::span<char> buffer);

  // Waits until one of the operations that returned 0 since the last Wait may go on. Fails with
  // kTimeout.
  [[nodiscard]] Result<void> Wait(SteadyClock::time_point deadline);

 private:
  [[nodiscard]] Result<std::size_t> AfterTls(int result);

  FileDescriptor descriptor_;
  SslPointer session_;
  short awaited_ = 0;  // events of poll(2)
};

}  // namespace bullmq_exporter
