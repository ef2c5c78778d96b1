#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/config/config.h"
#include "exporter/instruments/redis_usage.h"
#include "exporter/redis/backoff.h"
#include "exporter/redis/byte_stream.h"
#include "exporter/redis/redis_client.h"
#include "exporter/redis/reply_reader.h"
#include "exporter/redis/resolver.h"

namespace bullmq_exporter {

// A RedisClient for one server: TCP, TLS or a unix socket. Each connection is named
// `bullmq_exporter` (CLIENT SETNAME, where the server allows it) and logs in before the first
// command.
//
// A connection that the server closed while it was idle is replaced within the same call. LOADING,
// BUSY, MASTERDOWN and CLUSTERDOWN fail the exchange but keep the connection; any other failure
// drops it, and the next exchange connects again. Between tries to connect that fail, of which each
// takes 4 s at most, the time grows from 0.1 to 5 s. Messages name the server and the cause, never
// a credential. Not thread-safe.
class HiredisClient : public RedisClient {
 public:
  // `usage` must outlive the client; several may share one. Once `stop` is requested, an exchange
  // that waits for the server ends within about 100 ms, one that connects within 4 s, and another
  // is refused, all with kTimeout.
  HiredisClient(RedisConfig config, RedisUsage& usage, std::stop_token stop = {});
  ~HiredisClient() override;
  HiredisClient(const HiredisClient&) = delete;
  HiredisClient& operator=(const HiredisClient&) = delete;

  [[nodiscard]] Result<Replies> Execute(const Pipeline& pipeline,
                                        const ExchangeLimits& limits) override;
  [[nodiscard]] SteadyClock::time_point NextAttempt() const override { return backoff_.next(); }
  [[nodiscard]] std::string Address() const override;

 private:
  [[nodiscard]] Result<ByteStream*> EnsureConnected(const ExchangeLimits& limits);
  [[nodiscard]] Result<ByteStream> Connect(const ExchangeLimits& limits);
  [[nodiscard]] Result<ByteStream> Dial(SteadyClock::time_point deadline);
  [[nodiscard]] Result<void> Login(ByteStream& stream, const ExchangeLimits& limits);
  [[nodiscard]] Result<Replies> Exchange(ByteStream& stream, const Pipeline& pipeline,
                                         const ExchangeLimits& limits);
  [[nodiscard]] Result<void> Transfer(ByteStream& stream, std::string_view to_send,
                                      ReplyReader& reader, SteadyClock::time_point deadline);
  [[nodiscard]] SteadyClock::time_point NextLook(SteadyClock::time_point deadline) const;
  void Drop();
  [[nodiscard]] Error Failed(const Error& error);

  const RedisConfig config_;
  RedisUsage& usage_;
  const std::stop_token stop_;
  Resolver resolver_;
  Backoff backoff_;
  std::optional<ByteStream> stream_;  // logged in
  Error last_failure_;
};

}  // namespace bullmq_exporter
