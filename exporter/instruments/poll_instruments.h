#pragma once

#include <array>
#include <string_view>

#include "exporter/base/error.h"

namespace prometheus {
class Counter;
class Histogram;
class Registry;
}  // namespace prometheus

namespace bullmq_exporter {

// How the polls of one target went. Series: bullmq_exporter_poll_duration_seconds {redis} and
// bullmq_exporter_poll_errors_total {redis, reason}, one for each reason, which begin at 0.
// Thread-safe.
class PollInstruments {
 public:
  // Registers the series, or takes up those that are there. `registry` must outlive this.
  // `target` is the target's name, any bytes.
  PollInstruments(prometheus::Registry& registry, std::string_view target);
  PollInstruments(const PollInstruments&) = delete;
  PollInstruments& operator=(const PollInstruments&) = delete;

  void ObservePoll(double seconds);  // each poll once, whether it could read or not
  void CountError(ErrorCode code);   // a poll could not read the target, or a queue of it

 private:
  static constexpr int kFirstReason = static_cast<int>(ErrorCode::kResolve);
  static constexpr int kLastReason = static_cast<int>(ErrorCode::kOther);

  prometheus::Histogram& duration_;
  std::array<prometheus::Counter*, kLastReason - kFirstReason + 1> errors_{};
};

}  // namespace bullmq_exporter
