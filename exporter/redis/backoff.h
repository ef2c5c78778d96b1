#pragma once

#include <chrono>
#include <random>

#include "exporter/base/clock.h"

namespace bullmq_exporter {

// How long to wait between tries: each failure doubles the delay from 200 ms up to 5 s, of which a
// random half to whole is waited, so that many exporters do not come back at the same instant. The
// shortest wait is 100 ms. Not thread-safe.
class Backoff {
 public:
  void Succeeded();
  void Failed(SteadyClock::time_point now);
  // When to try again; the smallest time point while nothing has failed.
  [[nodiscard]] SteadyClock::time_point next() const { return next_; }

 private:
  std::chrono::milliseconds delay_{0};
  SteadyClock::time_point next_ = SteadyClock::time_point::min();
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace bullmq_exporter
