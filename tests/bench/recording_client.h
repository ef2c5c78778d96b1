#pragma once

#include <string>
#include <vector>

#include "exporter/redis/redis_client.h"
#include "tests/bench/stopwatch.h"

namespace bullmq_exporter {

// A pipeline as it was sent.
struct Exchange {
  std::string bytes;
  std::size_t commands = 0;
};

// Hands everything to another client and keeps what was sent.
class RecordingClient : public RedisClient {
 public:
  explicit RecordingClient(RedisClient& client) : client_(client) {}

  [[nodiscard]] Result<Replies> Execute(const Pipeline& pipeline,
                                        const ExchangeLimits& limits) override {
    const Stopwatch stopwatch;
    exchanges_.push_back({std::string(pipeline.Encoded()), pipeline.size()});
    recording_ += stopwatch.Elapsed();
    return client_.Execute(pipeline, limits);
  }
  [[nodiscard]] SteadyClock::time_point NextAttempt() const override {
    return client_.NextAttempt();
  }
  [[nodiscard]] std::string Address() const override { return client_.Address(); }

  void Clear() {
    exchanges_.clear();
    recording_ = {};
  }
  [[nodiscard]] const std::vector<Exchange>& exchanges() const { return exchanges_; }
  // What the recording itself took: no cost of the client.
  [[nodiscard]] Cost recording() const { return recording_; }

 private:
  RedisClient& client_;
  std::vector<Exchange> exchanges_;
  Cost recording_;
};

}  // namespace bullmq_exporter
