#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prometheus {
class Counter;
class Gauge;
class Registry;
}  // namespace prometheus

namespace bullmq_exporter {

// What a connection to Redis is for: the label `purpose`.
enum class RedisPurpose { kPoll, kDiscovery, kApi };

// "poll", "discovery", "api".
[[nodiscard]] std::string_view RedisPurposeName(RedisPurpose purpose);

// What the connections of one target and purpose cost. Series: bullmq_exporter_redis_… {redis,
// purpose}, which begin at 0. Thread-safe, a few nanoseconds a call; any number of connections may
// share one.
class RedisUsage {
 public:
  // Registers the series, or takes up those that are there. `registry` must outlive this.
  // `target` is the target's name, any bytes.
  RedisUsage(prometheus::Registry& registry, std::string_view target, RedisPurpose purpose);
  RedisUsage(const RedisUsage&) = delete;
  RedisUsage& operator=(const RedisUsage&) = delete;

  void CountCommands(std::size_t commands);  // commands sent, AUTH, SELECT and the like included
  void CountSent(std::size_t bytes);         // bytes of RESP written
  void CountReceived(std::size_t bytes);  // bytes of RESP read; with TLS, those that were decrypted
  void ConnectionOpened();                // a connection is ready to use
  void ConnectionClosed();                // once for each ConnectionOpened

 private:
  prometheus::Counter& commands_;
  prometheus::Counter& sent_bytes_;
  prometheus::Counter& received_bytes_;
  prometheus::Gauge& connections_;
};

}  // namespace bullmq_exporter
