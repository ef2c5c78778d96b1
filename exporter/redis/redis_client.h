#pragma once

#include <cstddef>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/error.h"
#include "exporter/redis/pipeline.h"
#include "exporter/redis/reply.h"

namespace bullmq_exporter {

// Bounds of one exchange: connecting where needed, sending every command, and receiving every
// reply.
struct ExchangeLimits {
  SteadyClock::time_point deadline = {};
  // Received in the whole exchange; each element of an array counts as sizeof(Reply) beside its
  // bytes, so that this bounds the memory too. Beyond: kTooLarge.
  std::size_t max_bytes = 64u << 20;
  std::size_t max_elements = 1u << 20;  // of one array; beyond: kProtocol
};

// A connection to one Redis or Valkey. Not thread-safe: each thread has a client of its own.
//
// The client connects when it is first used (TCP, TLS or unix socket, AUTH, SELECT, CLIENT SETNAME)
// and again after any failure, with backoff and jitter between failed tries: a call that comes
// before the backoff has passed fails at once, with the error of the last try.
class RedisClient {
 public:
  virtual ~RedisClient() = default;

  // Sends the pipeline and returns a reply for each command. Fails as a whole, and drops the
  // connection, on any cause from ErrorCode::kResolve on that is not a command's own error reply;
  // error replies of single commands are in the result.
  [[nodiscard]] virtual Result<Replies> Execute(const Pipeline& pipeline,
                                                const ExchangeLimits& limits) = 0;

  // When Execute will next try to connect; in the past where it is connected or may try at once.
  [[nodiscard]] virtual SteadyClock::time_point NextAttempt() const = 0;

  // host:port or the path of the socket, for labels and logs; never holds credentials.
  [[nodiscard]] virtual std::string Address() const = 0;
};

}  // namespace bullmq_exporter
