#include "exporter/redis/byte_stream.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "exporter/redis/dial.h"

namespace bullmq_exporter {
namespace {

tl::unexpected<Error> Closed(int error) {
  if (error == 0) return Fail(ErrorCode::kClosed, "the server closed the connection");
  return Fail(ErrorCode::kClosed,
              "the connection broke: " + std::generic_category().message(error));
}

bool MeansLater(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Result<void> ByteStream::Handshake(const RedisTlsConfig& config, const std::string& host,
                                   SteadyClock::time_point deadline) {
  auto session = MakeTlsSession(config, host, descriptor_.get());
  if (!session) return Fail(session.error());
  session_ = *std::move(session);
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(session_.get());
    if (result == 1) break;
    if (auto step = AfterTls(result); !step) return Fail(step.error().In("TLS handshake"));
    if (auto waited = Wait(deadline); !waited) return Fail(waited.error().In("TLS handshake"));
  }
  ForgetAuthorities(session_.get());
  return {};
}

Result<std::size_t> ByteStream::Write(std::string_view bytes) {
  if (bytes.empty()) return 0;
  if (session_) {
    ERR_clear_error();
    errno = 0;
    std::size_t written = 0;
    const int result = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &written);
    if (result == 1) return written;
    return AfterTls(result);
  }
  const auto sent = send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (!MeansLater(errno)) return Closed(errno);
  awaited_ |= POLLOUT;
  return 0;
}

Result<std::size_t> ByteStream::Read(std::span<char> buffer) {
  if (session_) {
    ERR_clear_error();
    errno = 0;
    std::size_t received = 0;
    const int result = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &received);
    if (result == 1) return received;
    return AfterTls(result);
  }
  const auto received = recv(descriptor_.get(), buffer.data(), buffer.size(), 0);
  if (received > 0) return static_cast<std::size_t>(received);
  if (received == 0) return Closed(0);
  if (!MeansLater(errno)) return Closed(errno);
  awaited_ |= POLLIN;
  return 0;
}

Result<void> ByteStream::Wait(SteadyClock::time_point deadline) {
  // Without this look at the clock a peer that drips bytes would keep a caller beyond its deadline.
  const int timeout = PollTimeout(deadline);
  pollfd polled{descriptor_.get(), awaited_, 0};
  if (timeout == 0 || poll(&polled, 1, timeout) == 0) {
    return Fail(ErrorCode::kTimeout, "no answer in time");
  }
  awaited_ = 0;
  return {};
}

// What SSL_get_error says, as a result: 0 bytes for "later".
Result<std::size_t> ByteStream::AfterTls(int result) {
  const int system_error = errno;
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ: awaited_ |= POLLIN; return 0;
    case SSL_ERROR_WANT_WRITE: awaited_ |= POLLOUT; return 0;
    case SSL_ERROR_ZERO_RETURN: return Closed(0);
    case SSL_ERROR_SYSCALL: return Closed(system_error);
    default:
      if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return Closed(0);
      }
      return Fail(ErrorCode::kTls, TlsFailure(session_.get()));
  }
}

}  // namespace bullmq_exporter
