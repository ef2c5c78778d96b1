#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "exporter/failures/failure_budget.h"

namespace bullmq_exporter {

// How far back each read of the `failed` set goes over what has been read: its scores are the
// clocks of workers. A minute that such a clock may be behind, and what may pass between the moment
// a worker looks at it and the moment its job stands in the set.
inline constexpr std::int64_t kFailureOverlapMs = 60'000 + 5'000;

// The failures of one queue that have been counted and may be met again: by the next reads of the
// `failed` set, or by the event stream. It knows ids by their 64-bit hash.
//
// A failure met in the set is known by id and score; the same id with another score is another
// failure (it was retried by hand and failed again). One that the event stream told carries the
// server's clock instead, so the two are the same failure when their ids are equal and their times
// no further apart than kFailureOverlapMs; each of the two then knows the other, and is not taken
// for a third.
class KnownFailures {
 public:
  explicit KnownFailures(FailureBudget& budget) : budget_(budget) {}
  ~KnownFailures() { budget_.known -= records_.size(); }
  KnownFailures(const KnownFailures&) = delete;
  KnownFailures& operator=(const KnownFailures&) = delete;

  // Whether the failure with this score in the `failed` set has been counted.
  [[nodiscard]] bool RecognizeScore(std::string_view id, std::int64_t score_ms);

  // Whether the failure that an event of this time told has been counted.
  [[nodiscard]] bool RecognizeEvent(std::string_view id, std::int64_t event_ms);

  // Remembers one that was not recognised. False when a bound leaves no room; nothing is kept then.
  [[nodiscard]] bool RememberScore(std::string_view id, std::int64_t score_ms);
  [[nodiscard]] bool RememberEvent(std::string_view id, std::int64_t event_ms);

  // How many more can be remembered (an id that fails again and again has a bound of its own).
  [[nodiscard]] std::size_t Room() const;

  // How many have their score, or for want of one their event's time, in [begin_ms, end_ms).
  [[nodiscard]] std::int64_t CountIn(std::int64_t begin_ms, std::int64_t end_ms) const;

  // Drops what has neither score nor event's time at or after `before_ms`.
  void Forget(std::int64_t before_ms);

  [[nodiscard]] bool empty() const { return records_.empty(); }

 private:
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

  struct Times {
    std::int64_t score_ms = kNone;
    std::int64_t event_ms = kNone;
  };

  // Looks for `ms` in the field `own`; else gives it to the nearest record that has only the other.
  bool Recognize(std::string_view id, std::int64_t ms, std::int64_t Times::*own,
                 std::int64_t Times::*other);
  bool Remember(std::string_view id, const Times& times);

  FailureBudget& budget_;
  std::unordered_multimap<std::uint64_t, Times> records_;  // by hash of the id
};

}  // namespace bullmq_exporter
