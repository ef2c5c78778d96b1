#include "exporter/failures/failure_counts.h"

#include <algorithm>
#include <functional>
#include <ranges>
#include <tuple>
#include <utility>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::size_t kMaxJobIdBytes = 128;
constexpr std::size_t kJobsOfPair = 5;
constexpr std::size_t kEntriesOfQueue = 2'000;
constexpr std::size_t kEntriesOfQueueWhenMany = 64;
constexpr std::int64_t kCoarsestPartsOfWindow = 20;
constexpr std::uint32_t kNoPair = 0xFFFF'FFFF;

std::uint64_t HashOf(std::string_view text) { return std::hash<std::string_view>()(text); }

// Capacity of a burst that is over goes back.
template <typename T>
void ShrinkIfMostlyEmpty(std::vector<T>& items) {
  if (items.capacity() > 64 && items.size() * 4 < items.capacity()) items.shrink_to_fit();
}

void Note(std::unordered_map<std::uint64_t, std::int64_t>& held_back, std::size_t& budget_count,
          std::uint64_t hash, std::int64_t at_ms) {
  const auto it = held_back.find(hash);
  if (it != held_back.end()) {
    it->second = std::max(it->second, at_ms);
    return;
  }
  if (held_back.size() >= kMaxHeldBackOfQueue || budget_count >= kMaxHeldBackOfTarget) return;
  held_back.emplace(hash, at_ms);
  ++budget_count;
}

}  // namespace

FailureCounts::FailureCounts(FailureBudget& budget) : budget_(budget) {
  ++budget_.pairs;  // the place of the pair kOtherFailures, kOtherFailures
}

FailureCounts::~FailureCounts() {
  budget_.pairs -= pairs_.size() + (has_other_pair_ ? 0 : 1);
  budget_.entries -= entries_.size();
  for (const Pair& pair : pairs_) budget_.job_ids -= pair.jobs.size();
  if (!held_back_) return;
  budget_.held_back_names -= held_back_->names.size();
  budget_.held_back_reasons -= held_back_->reasons.size();
  budget_.held_back_pairs -= held_back_->pairs.size();
}

void FailureCounts::Add(std::string_view id, std::string_view name, std::string_view reason_class,
                        std::int64_t at_ms) {
  name = Utf8Prefix(name, kMaxNameBytes);
  std::uint32_t index = FindPair(name, reason_class);
  if (index == kNoPair) {
    index = AdmittedPair(AdmittedName(name, at_ms), AdmittedClass(reason_class, at_ms), at_ms);
  }
  Pair& pair = pairs_[index];
  pair.last_ms = std::max(pair.last_ms, at_ms);
  AddJob(pair, id, at_ms);
  entries_.push_back({.at_ms = at_ms, .pair = index, .count = 1});
  ++budget_.entries;
  if (entries_.size() >= std::max(EntryLimit(), 2 * size_after_compaction_)) CompactEntries();
}

std::size_t FailureCounts::EntryLimit() const {
  return budget_.entries > kManyEntriesOfTarget ? kEntriesOfQueueWhenMany : kEntriesOfQueue;
}

// Whether the value is one of the pairs' names or classes, or one more may be told apart.
bool FailureCounts::HasRoomFor(std::string_view value, std::string Pair::*part,
                               std::size_t limit) const {
  std::vector<std::string_view> values;
  for (const Pair& pair : pairs_) {
    if (pair.*part == value) return true;
    const bool is_new = std::ranges::find(values, pair.*part) == values.end();
    if (is_new && pair.*part != kOtherFailures) values.push_back(pair.*part);
  }
  return values.size() < limit;
}

std::string_view FailureCounts::AdmittedName(std::string_view name, std::int64_t at_ms) {
  if (HasRoomFor(name, &Pair::name, budget_.names_per_queue)) return name;
  HoldBackName(HashOf(name), at_ms);
  return kOtherFailures;
}

std::string_view FailureCounts::AdmittedClass(std::string_view reason_class, std::int64_t at_ms) {
  if (reason_class.empty()) return reason_class;
  if (HasRoomFor(reason_class, &Pair::reason, budget_.classes_per_queue)) return reason_class;
  HoldBackReason(HashOf(reason_class), at_ms);
  return kOtherFailures;
}

std::uint32_t FailureCounts::AdmittedPair(std::string_view name, std::string_view reason_class,
                                          std::int64_t at_ms) {
  const std::uint32_t existing = FindPair(name, reason_class);
  if (existing != kNoPair) return existing;
  const std::size_t in_queue = pairs_.size() + (has_other_pair_ ? 0 : 1);
  if (in_queue < kMaxPairsOfQueue && budget_.pairs < kMaxPairsOfTarget) {
    ++budget_.pairs;
    return AppendPair(name, reason_class);
  }
  HoldBackPair(HashOf(name) * 31 + HashOf(reason_class), at_ms);
  const std::string_view other_class = reason_class.empty() ? "" : kOtherFailures;
  const std::uint32_t other = FindPair(kOtherFailures, other_class);
  if (other != kNoPair) return other;
  has_other_pair_ = true;
  return AppendPair(kOtherFailures, other_class);
}

std::uint32_t FailureCounts::FindPair(std::string_view name, std::string_view reason_class) const {
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
    if (pairs_[i].reason == reason_class && pairs_[i].name == name) return i;
  }
  return kNoPair;
}

std::uint32_t FailureCounts::AppendPair(std::string_view name, std::string_view reason_class) {
  pairs_.push_back({.name = std::string(name), .reason = std::string(reason_class)});
  return static_cast<std::uint32_t>(pairs_.size() - 1);
}

void FailureCounts::AddJob(Pair& pair, std::string_view id, std::int64_t at_ms) {
  if (id.size() > kMaxJobIdBytes) return;
  const auto later = std::ranges::upper_bound(pair.jobs, at_ms, {}, &RecentJob::at_ms);
  if (pair.jobs.size() == kJobsOfPair) {
    if (later == pair.jobs.begin()) return;
    std::rotate(pair.jobs.begin(), pair.jobs.begin() + 1, later);
    *(later - 1) = {.id = std::string(id), .at_ms = at_ms};
  } else if (budget_.job_ids < kMaxJobIdsOfTarget) {
    ++budget_.job_ids;
    pair.jobs.insert(later, {.id = std::string(id), .at_ms = at_ms});
  }
}

void FailureCounts::HoldBackName(std::uint64_t hash, std::int64_t at_ms) {
  if (!held_back_) held_back_ = std::make_unique<HeldBack>();
  Note(held_back_->names, budget_.held_back_names, hash, at_ms);
}

void FailureCounts::HoldBackReason(std::uint64_t hash, std::int64_t at_ms) {
  if (!held_back_) held_back_ = std::make_unique<HeldBack>();
  Note(held_back_->reasons, budget_.held_back_reasons, hash, at_ms);
}

void FailureCounts::HoldBackPair(std::uint64_t hash, std::int64_t at_ms) {
  if (!held_back_) held_back_ = std::make_unique<HeldBack>();
  Note(held_back_->pairs, budget_.held_back_pairs, hash, at_ms);
}

bool FailureCounts::Slide(std::int64_t now_ms) {
  const std::int64_t cutoff_ms = now_ms - budget_.window_ms;
  const bool entries_changed = SlideEntries(cutoff_ms);
  const bool pairs_changed = SlidePairs(now_ms);
  SlideHeldBack(cutoff_ms);
  return entries_changed || pairs_changed;
}

bool FailureCounts::SlideEntries(std::int64_t cutoff_ms) {
  const std::size_t left =
      std::erase_if(entries_, [cutoff_ms](const Entry& entry) { return entry.at_ms < cutoff_ms; });
  if (left == 0) return false;
  budget_.entries -= left;
  size_after_compaction_ = std::min(size_after_compaction_, entries_.size());
  ShrinkIfMostlyEmpty(entries_);
  for (Pair& pair : pairs_) {
    budget_.job_ids -= std::erase_if(
        pair.jobs, [cutoff_ms](const RecentJob& job) { return job.at_ms < cutoff_ms; });
  }
  return true;
}

bool FailureCounts::SlidePairs(std::int64_t now_ms) {
  const std::int64_t cutoff_ms = now_ms - 2 * budget_.window_ms;
  const auto is_old = [cutoff_ms](const Pair& pair) { return pair.last_ms < cutoff_ms; };
  if (std::ranges::none_of(pairs_, is_old)) return false;
  std::vector<std::uint32_t> new_index(pairs_.size());
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
    new_index[i] = kept;
    if (is_old(pairs_[i])) {
      const bool is_other = has_other_pair_ && pairs_[i].name == kOtherFailures &&
                            (pairs_[i].reason == kOtherFailures || pairs_[i].reason.empty());
      if (is_other) {
        has_other_pair_ = false;  // its place stays put by
      } else {
        --budget_.pairs;
      }
      continue;
    }
    if (kept != i) pairs_[kept] = std::move(pairs_[i]);
    ++kept;
  }
  pairs_.resize(kept);
  ShrinkIfMostlyEmpty(pairs_);
  for (Entry& entry : entries_) entry.pair = new_index[entry.pair];
  return true;
}

void FailureCounts::SlideHeldBack(std::int64_t cutoff_ms) {
  if (!held_back_) return;
  const auto is_old = [cutoff_ms](const auto& item) { return item.second < cutoff_ms; };
  budget_.held_back_names -= std::erase_if(held_back_->names, is_old);
  budget_.held_back_reasons -= std::erase_if(held_back_->reasons, is_old);
  budget_.held_back_pairs -= std::erase_if(held_back_->pairs, is_old);
  if (held_back_->names.empty() && held_back_->reasons.empty() && held_back_->pairs.empty()) {
    held_back_.reset();
  }
}

void FailureCounts::CompactEntries() {
  const std::size_t before = entries_.size();
  const std::size_t wanted = EntryLimit() / 2;
  const std::int64_t coarsest_ms =
      std::max<std::int64_t>(budget_.window_ms / kCoarsestPartsOfWindow, 1);
  std::ranges::sort(entries_, {},
                    [](const Entry& entry) { return std::pair(entry.pair, entry.at_ms); });
  for (std::int64_t slot_ms = 1; entries_.size() > wanted; slot_ms *= 2) {
    slot_ms = std::min(slot_ms, coarsest_ms);
    std::size_t last = 0;
    for (std::size_t i = 1; i < entries_.size(); ++i) {
      Entry& merged = entries_[last];
      const Entry& entry = entries_[i];
      if (merged.pair == entry.pair && merged.at_ms / slot_ms == entry.at_ms / slot_ms) {
        merged.at_ms = entry.at_ms;
        merged.count += entry.count;
      } else {
        entries_[++last] = entry;
      }
    }
    entries_.resize(last + 1);
    if (slot_ms == coarsest_ms) break;
  }
  budget_.entries -= before - entries_.size();
  size_after_compaction_ = entries_.size();
}

std::vector<FailureCount> FailureCounts::Read() const {
  std::vector<FailureCount> counts;
  counts.reserve(pairs_.size());
  for (const Pair& pair : pairs_) {
    FailureCount& count = counts.emplace_back();
    count.name = pair.name;
    count.reason = pair.reason;
    count.first_ms = count.last_ms = pair.last_ms;
    for (const RecentJob& job : std::views::reverse(pair.jobs)) count.job_ids.push_back(job.id);
  }
  for (const Entry& entry : entries_) {
    counts[entry.pair].count += entry.count;
    counts[entry.pair].first_ms = std::min(counts[entry.pair].first_ms, entry.at_ms);
  }
  std::ranges::sort(counts, {},
                    [](const FailureCount& count) { return std::tie(count.name, count.reason); });
  return counts;
}

}  // namespace bullmq_exporter
