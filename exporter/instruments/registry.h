#pragma once

#include <memory>
#include <string_view>

#include "exporter/instruments/http_instruments.h"
#include "exporter/instruments/poll_instruments.h"
#include "exporter/instruments/redis_usage.h"

namespace bullmq_exporter {

// Owns all that the exporter counts itself. What is handed out lives as long as this does, and the
// same name gets the same object: what was counted for a target outlives the target, and one that
// comes back under its name counts on. Thread-safe.
class Instruments {
 public:
  Instruments();
  Instruments(const Instruments&) = delete;
  Instruments& operator=(const Instruments&) = delete;
  ~Instruments();

  [[nodiscard]] RedisUsage& Redis(std::string_view target, RedisPurpose purpose);
  [[nodiscard]] PollInstruments& Poll(std::string_view target);
  [[nodiscard]] HttpInstruments& Http(std::string_view listener);

  // All families, for the exposition.
  [[nodiscard]] const prometheus::Registry& registry() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bullmq_exporter
