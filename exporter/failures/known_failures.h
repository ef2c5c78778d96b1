#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "exporter/failures/failure_budget.h"

namespace bullmq_exporter {

// How far back each read of the `failed` set goes over what has been read: its scores are the
// clocks of workers. A minute that such a clock may be behind, and what may pass between the moment
// a worker looks at it and the moment its job stands in the set.
inline constexpr std::int64_t kFailureOverlapMs = 60'000 + 5'000;

// The failures of one queue that have been counted and may be met again by the next reads of the
// `failed` set, by id (its 64-bit hash) and score: the same id with another score is another
// failure, of a job that was retried by hand and failed again.
class KnownFailures {
 public:
  explicit KnownFailures(FailureBudget& budget) : budget_(budget) {}
  ~KnownFailures() { budget_.known -= failures_.size(); }
  KnownFailures(const KnownFailures&) = delete;
  KnownFailures& operator=(const KnownFailures&) = delete;

  [[nodiscard]] bool Contains(std::string_view id, std::int64_t score_ms) const;

  // False when a bound leaves no room; nothing is kept then.
  [[nodiscard]] bool Add(std::string_view id, std::int64_t score_ms);

  // How many more can be added.
  [[nodiscard]] std::size_t Room() const;

  // How many have a score in [begin_ms, end_ms).
  [[nodiscard]] std::int64_t CountIn(std::int64_t begin_ms, std::int64_t end_ms) const;

  // Drops those with a score before `before_ms`.
  void Forget(std::int64_t before_ms);

  [[nodiscard]] bool empty() const { return failures_.empty(); }

 private:
  struct Key {
    std::uint64_t id_hash;
    std::int64_t score_ms;

    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  static Key KeyOf(std::string_view id, std::int64_t score_ms);

  FailureBudget& budget_;
  std::unordered_set<Key, KeyHash> failures_;
};

}  // namespace bullmq_exporter
