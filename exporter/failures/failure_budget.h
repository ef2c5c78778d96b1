#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/config/config.h"
#include "exporter/model/snapshot.h"

namespace bullmq_exporter {

// What stands for names and classes that a cap holds back.
inline constexpr char kOtherFailures[] = "__other__";

// Bounds on what the windows of one target keep, whatever happens on its queues.
inline constexpr std::size_t kMaxPairsOfQueue = 100;
inline constexpr std::size_t kMaxPairsOfTarget = 50'000;
inline constexpr std::size_t kMaxKnownOfQueue = 20'000;
inline constexpr std::size_t kMaxKnownOfTarget = 100'000;
inline constexpr std::size_t kMaxHeldBackOfQueue = 1'000;
inline constexpr std::size_t kMaxHeldBackOfTarget = 20'000;
inline constexpr std::size_t kMaxJobIdsOfTarget = 20'000;
// Above this many entries in a target, each queue's times are kept less exactly (FailureCounts).
inline constexpr std::size_t kManyEntriesOfTarget = 200'000;

// What all failure windows of one target share: their settings, and how much of the target's bounds
// they use at present. The windows keep the counts; others only read them. It must outlive the
// windows, and is used by one thread only, like them.
struct FailureBudget {
  // `start_ms`: when the exporter started, by the clock that the windows are told. `max_names`:
  // metrics.names_per_queue.
  FailureBudget(const FailuresConfig& config, std::int64_t start_ms, std::size_t max_names)
      : window_ms(config.window.count()),
        names_per_queue(max_names),
        classes_per_queue(config.classes_per_queue),
        reasons(config.reasons),
        started_ms(start_ms) {}
  FailureBudget(const FailureBudget&) = delete;
  FailureBudget& operator=(const FailureBudget&) = delete;

  // For bullmq_exporter_capped: how many job names, classes, and pairs of name and class, are
  // counted as kOtherFailures at present. Exact up to the bounds on what is held back.
  [[nodiscard]] CappedCounts Capped() const {
    return {.names = static_cast<std::int64_t>(held_back_names),
            .reasons = static_cast<std::int64_t>(held_back_reasons),
            .failure_pairs = static_cast<std::int64_t>(held_back_pairs)};
  }

  const std::int64_t window_ms;
  const std::size_t names_per_queue;
  const std::size_t classes_per_queue;
  const bool reasons;
  const std::int64_t started_ms;

  std::size_t pairs = 0;
  std::size_t known = 0;
  std::size_t entries = 0;
  std::size_t job_ids = 0;
  std::size_t held_back_names = 0;
  std::size_t held_back_reasons = 0;
  std::size_t held_back_pairs = 0;
};

}  // namespace bullmq_exporter
