#include "exporter/instruments/poll_instruments.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

#include "exporter/base/label_value.h"

namespace bullmq_exporter {

PollInstruments::PollInstruments(prometheus::Registry& registry, std::string_view target)
    : duration_(
          prometheus::BuildHistogram()
              .Name("bullmq_exporter_poll_duration_seconds")
              .Help("How long the polls of this Redis took, those that failed included.")
              .Register(registry)
              .Add({{"redis", LabelText(target)}},
                   prometheus::Histogram::BucketBoundaries{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                           0.1, 0.25, 0.5, 1, 2.5, 5, 10})) {
  auto& family = prometheus::BuildCounter()
                     .Name("bullmq_exporter_poll_errors_total")
                     .Help(
                         "What polls could not read since the exporter started, by cause: one for "
                         "a poll that could not read this Redis, and for each queue that a poll "
                         "could not read.")
                     .Register(registry);
  for (int reason = kFirstReason; reason <= kLastReason; ++reason) {
    const std::string label(ErrorLabel(static_cast<ErrorCode>(reason)));
    errors_[static_cast<std::size_t>(reason - kFirstReason)] =
        &family.Add({{"redis", LabelText(target)}, {"reason", label}});
  }
}

void PollInstruments::ObservePoll(double seconds) { duration_.Observe(seconds); }

void PollInstruments::CountError(ErrorCode code) {
  const int reason = static_cast<int>(code) < kFirstReason ? kLastReason : static_cast<int>(code);
  errors_[static_cast<std::size_t>(reason - kFirstReason)]->Increment();
}

}  // namespace bullmq_exporter
