#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/failures/failure_budget.h"
#include "exporter/model/queue_snapshot.h"

namespace bullmq_exporter {

// How many failures a queue had within the window, by job name and reason class; a window that
// slides.
//
// Bounded whatever comes. At most FailureBudget::names_per_queue job names and classes_per_queue
// classes are told apart, first come first served, the others are kOtherFailures; at most
// kMaxPairsOfQueue pairs of name and class a queue and kMaxPairsOfTarget a target, what has no
// place is the pair kOtherFailures, kOtherFailures. (Each queue has a place for that pair put by,
// so that both bounds hold with it.) A pair whose failures have all left the window stays at 0 for
// one more window, then it makes room.
//
// Each failure leaves the window at its own millisecond as long as there are few. Beyond some two
// thousand times in a queue, those of one pair that are near each other leave together: at worst a
// twentieth of the window late.
class FailureCounts {
 public:
  explicit FailureCounts(FailureBudget& budget);
  ~FailureCounts();
  FailureCounts(const FailureCounts&) = delete;
  FailureCounts& operator=(const FailureCounts&) = delete;

  // Counts one failure that happened at `at_ms`. `name` is cut to 1 KiB; `reason_class` is what
  // ClassifyFailure says, or empty when classes are switched off. `id` is kept when it is short.
  void Add(std::string_view id, std::string_view name, std::string_view reason_class,
           std::int64_t at_ms);

  // Moves the window's end to `now_ms`: what happened before `now_ms` minus the window leaves.
  // Returns whether anything changed.
  bool Slide(std::int64_t now_ms);

  // Sorted by name, then class; those at 0 included. first_ms is late by as much as leaving is.
  [[nodiscard]] std::vector<FailureCount> Read() const;

  [[nodiscard]] bool empty() const { return pairs_.empty(); }

 private:
  struct RecentJob {
    std::string id;
    std::int64_t at_ms = 0;
  };

  struct Pair {
    std::string name;
    std::string reason;
    std::int64_t last_ms = 0;
    std::vector<RecentJob> jobs = {};  // the newest last
  };

  // Some failures of one pair that leave together.
  struct Entry {
    std::int64_t at_ms = 0;  // of the newest
    std::uint32_t pair = 0;  // index in pairs_
    std::uint32_t count = 0;
  };

  // What caps hold back, by hash, with the time when it was last met.
  struct HeldBack {
    std::unordered_map<std::uint64_t, std::int64_t> names;
    std::unordered_map<std::uint64_t, std::int64_t> reasons;
    std::unordered_map<std::uint64_t, std::int64_t> pairs;
  };

  [[nodiscard]] bool HasRoomFor(std::string_view value, std::string Pair::*part,
                                std::size_t limit) const;
  std::string_view AdmittedName(std::string_view name, std::int64_t at_ms);
  std::string_view AdmittedClass(std::string_view reason_class, std::int64_t at_ms);
  std::uint32_t AdmittedPair(std::string_view name, std::string_view reason_class,
                             std::int64_t at_ms);
  [[nodiscard]] std::uint32_t FindPair(std::string_view name, std::string_view reason_class) const;
  std::uint32_t AppendPair(std::string_view name, std::string_view reason_class);
  void AddJob(Pair& pair, std::string_view id, std::int64_t at_ms);
  void HoldBackName(std::uint64_t hash, std::int64_t at_ms);
  void HoldBackReason(std::uint64_t hash, std::int64_t at_ms);
  void HoldBackPair(std::uint64_t hash, std::int64_t at_ms);
  bool SlideEntries(std::int64_t cutoff_ms);
  bool SlidePairs(std::int64_t now_ms);
  void SlideHeldBack(std::int64_t cutoff_ms);
  [[nodiscard]] std::size_t EntryLimit() const;
  void CompactEntries();

  FailureBudget& budget_;
  std::vector<Pair> pairs_;
  bool has_other_pair_ = false;  // its place was put by, so it does not count as one more
  std::vector<Entry> entries_;
  std::size_t size_after_compaction_ = 0;
  std::unique_ptr<HeldBack> held_back_;  // null when nothing is
};

}  // namespace bullmq_exporter
