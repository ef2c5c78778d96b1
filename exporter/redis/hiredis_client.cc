#include "exporter/redis/hiredis_client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "exporter/config/redis_address.h"
#include "exporter/redis/dial.h"
#include "exporter/redis/login.h"

namespace bullmq_exporter {
namespace {

// After these the server goes on talking to us; the rest of the connection's state is as it was.
bool KeepsConnection(ErrorCode code) {
  return code == ErrorCode::kLoading || code == ErrorCode::kBusy ||
         code == ErrorCode::kReadonlyBrokenLink || code == ErrorCode::kClusterDown;
}

// A connection that is not there by then is not worth waiting for; and a program that is told to
// stop waits for it no longer than this.
constexpr auto kConnectTimeout = std::chrono::seconds(4);

// The first reply that speaks of the whole server, among those that have come.
const Reply* FindServerError(std::span<const Reply> replies) {
  for (const Reply& reply : replies) {
    if (IsServerError(reply)) return &reply;
  }
  return nullptr;
}

// An idle connection has nothing to read: bytes that nobody asked for would be taken for the
// replies to what is sent next.
bool IsStale(ByteStream& idle) {
  std::array<char, 1> byte;
  const auto read = idle.Read(byte);
  return !read || *read > 0;
}

}  // namespace

HiredisClient::HiredisClient(RedisConfig config, RedisUsage& usage, std::stop_token stop)
    : config_(std::move(config)),
      usage_(usage),
      stop_(std::move(stop)),
      resolver_(config_.address.host, config_.address.port) {}

HiredisClient::~HiredisClient() { Drop(); }

std::string HiredisClient::Address() const { return Endpoint(config_.address); }

Result<Replies> HiredisClient::Execute(const Pipeline& pipeline, const ExchangeLimits& limits) {
  if (pipeline.empty()) return Replies();
  if (stop_.stop_requested()) return Fail(ErrorCode::kTimeout, "told to stop");
  const auto stream = EnsureConnected(limits);
  if (!stream) return Fail(stream.error());
  auto replies = Exchange(**stream, pipeline, limits);
  // The server was there a moment ago: the next exchange may connect at once.
  if (!replies) return Fail(Failed(replies.error()));
  if (const Reply* reply = FindServerError(replies->All())) {
    Error error = ErrorOf(*reply);
    if (!KeepsConnection(error.code)) return Fail(Failed(error));
    backoff_.Succeeded();
    return Fail(error.In(Address()));
  }
  backoff_.Succeeded();
  return replies;
}

Result<ByteStream*> HiredisClient::EnsureConnected(const ExchangeLimits& limits) {
  if (stream_ && IsStale(*stream_)) Drop();
  if (stream_) return &*stream_;
  if (SteadyClock::now() < backoff_.next()) return Fail(last_failure_);
  ExchangeLimits connecting = limits;
  connecting.deadline = std::min(limits.deadline, SteadyClock::now() + kConnectTimeout);
  auto connected = Connect(connecting);
  if (!connected) {
    backoff_.Failed(SteadyClock::now());
    return Fail(Failed(connected.error()));
  }
  usage_.ConnectionOpened();
  return &stream_.emplace(*std::move(connected));
}

Result<ByteStream> HiredisClient::Connect(const ExchangeLimits& limits) {
  auto stream = Dial(limits.deadline);
  if (!stream) return stream;
  if (config_.address.scheme == RedisAddress::Scheme::kTls) {
    auto secured = stream->Handshake(config_.tls, config_.address.host, limits.deadline);
    if (!secured) return Fail(secured.error());
  }
  if (auto ready = Login(*stream, limits); !ready) return Fail(ready.error());
  return stream;
}

Result<ByteStream> HiredisClient::Dial(SteadyClock::time_point deadline) {
  const auto to_stream = [](FileDescriptor descriptor) {
    return ByteStream(std::move(descriptor));
  };
  if (config_.address.scheme == RedisAddress::Scheme::kUnix) {
    return DialUnix(config_.address.path).map(to_stream);
  }
  auto addresses = resolver_.Resolve(deadline);
  if (!addresses) return Fail(addresses.error());
  return DialTcp(*addresses, deadline).map(to_stream);
}

Result<void> HiredisClient::Login(ByteStream& stream, const ExchangeLimits& limits) {
  const auto login = MakeLogin(config_);
  if (!login) return Fail(login.error());
  const auto replies = Exchange(stream, *login, limits);
  if (replies) return CheckLogin(*login, *replies);
  Error error = replies.error();
  // With TLS 1.3 a server refuses a missing client certificate only after the handshake, and its
  // alert may be lost in the reset of the connection.
  if (error.code == ErrorCode::kClosed && config_.address.scheme == RedisAddress::Scheme::kTls &&
      config_.tls.cert_file.empty()) {
    error.code = ErrorCode::kTls;
    error.message += ", right after the TLS handshake: it may want a client certificate";
  }
  return Fail(error);
}

Result<Replies> HiredisClient::Exchange(ByteStream& stream, const Pipeline& pipeline,
                                        const ExchangeLimits& limits) {
  usage_.CountCommands(pipeline.size());
  ReplyReader reader(pipeline.size(), limits);
  const auto transferred = Transfer(stream, pipeline.Encoded(), reader, limits.deadline);
  if (transferred) return Replies(reader.Take());
  const std::span<const Reply> received(reader.replies().data(), reader.finished());
  const Reply* reply = FindServerError(received);
  // A server that is full says so and closes the connection.
  if (reply != nullptr && !KeepsConnection(ErrorOf(*reply).code)) return Fail(ErrorOf(*reply));
  return Fail(transferred.error().code, transferred.error().message + " (" +
                                            std::to_string(received.size()) + " of " +
                                            std::to_string(pipeline.size()) + " replies received)");
}

// Writing and reading take turns, or a pipeline larger than the buffers on the way would make both
// sides wait for each other.
Result<void> HiredisClient::Transfer(ByteStream& stream, std::string_view to_send,
                                     ReplyReader& reader, SteadyClock::time_point deadline) {
  std::array<char, 64 << 10> buffer;
  while (!reader.done()) {
    if (SteadyClock::now() >= deadline) return Fail(ErrorCode::kTimeout, "no answer in time");
    if (stop_.stop_requested()) return Fail(ErrorCode::kTimeout, "told to stop");
    const auto written = stream.Write(to_send);
    if (written) {
      to_send.remove_prefix(*written);
      usage_.CountSent(*written);
    } else {
      to_send = {};  // what the server said before it closed is still to be read
    }
    const auto received = stream.Read(buffer);
    if (!received) return Fail(received.error());
    if (*received > 0) {
      usage_.CountReceived(*received);
      if (auto fed = reader.Feed({buffer.data(), *received}); !fed) return fed;
    } else if (!written) {
      return Fail(written.error());
    } else if (*written == 0 || to_send.empty()) {
      // That a moment passed without an answer is seen by the next turn.
      (void)stream.Wait(NextLook(deadline));
    }
  }
  return {};
}

// Until when to wait for the server before looking whether to stop.
SteadyClock::time_point HiredisClient::NextLook(SteadyClock::time_point deadline) const {
  if (!stop_.stop_possible()) return deadline;
  return std::min(deadline, SteadyClock::now() + std::chrono::milliseconds(100));
}

void HiredisClient::Drop() {
  if (!stream_) return;
  stream_.reset();
  usage_.ConnectionClosed();
}

Error HiredisClient::Failed(const Error& error) {
  Drop();
  last_failure_ = error.In(Address());
  return last_failure_;
}

}  // namespace bullmq_exporter
