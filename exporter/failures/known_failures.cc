#include "exporter/failures/known_failures.h"

#include <algorithm>
#include <functional>

namespace bullmq_exporter {
namespace {

// More records of one id would make each look at it long.
constexpr std::size_t kMaxRecordsOfId = 64;

std::uint64_t HashOf(std::string_view id) { return std::hash<std::string_view>()(id); }

std::int64_t Distance(std::int64_t a, std::int64_t b) { return a < b ? b - a : a - b; }

}  // namespace

bool KnownFailures::RecognizeScore(std::string_view id, std::int64_t score_ms) {
  return Recognize(id, score_ms, &Times::score_ms, &Times::event_ms);
}

bool KnownFailures::RecognizeEvent(std::string_view id, std::int64_t event_ms) {
  return Recognize(id, event_ms, &Times::event_ms, &Times::score_ms);
}

bool KnownFailures::Recognize(std::string_view id, std::int64_t ms, std::int64_t Times::*own,
                              std::int64_t Times::*other) {
  const auto [begin, end] = records_.equal_range(HashOf(id));
  Times* nearest = nullptr;
  for (auto it = begin; it != end; ++it) {
    Times& times = it->second;
    if (times.*own == ms) return true;
    if (times.*own != kNone || Distance(times.*other, ms) > kFailureOverlapMs) continue;
    if (nearest == nullptr || Distance(times.*other, ms) < Distance(nearest->*other, ms)) {
      nearest = &times;
    }
  }
  if (nearest == nullptr) return false;
  nearest->*own = ms;
  return true;
}

bool KnownFailures::RememberScore(std::string_view id, std::int64_t score_ms) {
  return Remember(id, {.score_ms = score_ms});
}

bool KnownFailures::RememberEvent(std::string_view id, std::int64_t event_ms) {
  return Remember(id, {.event_ms = event_ms});
}

bool KnownFailures::Remember(std::string_view id, const Times& times) {
  const std::uint64_t hash = HashOf(id);
  if (Room() == 0 || records_.count(hash) >= kMaxRecordsOfId) return false;
  records_.emplace(hash, times);
  ++budget_.known;
  return true;
}

std::size_t KnownFailures::Room() const {
  const std::size_t in_queue = kMaxKnownOfQueue - std::min(kMaxKnownOfQueue, records_.size());
  const std::size_t in_target = kMaxKnownOfTarget - std::min(kMaxKnownOfTarget, budget_.known);
  return std::min(in_queue, in_target);
}

std::int64_t KnownFailures::CountIn(std::int64_t begin_ms, std::int64_t end_ms) const {
  return std::count_if(records_.begin(), records_.end(), [&](const auto& record) {
    const Times& times = record.second;
    const std::int64_t ms = times.score_ms == kNone ? times.event_ms : times.score_ms;
    return ms >= begin_ms && ms < end_ms;
  });
}

void KnownFailures::Forget(std::int64_t before_ms) {
  const std::size_t dropped = std::erase_if(records_, [before_ms](const auto& record) {
    return std::max(record.second.score_ms, record.second.event_ms) < before_ms;
  });
  budget_.known -= dropped;
  // Buckets of a burst that is over.
  if (dropped > 0 && records_.empty()) {
    records_ = {};
  } else if (records_.size() * 8 < records_.bucket_count()) {
    records_.rehash(0);
  }
}

}  // namespace bullmq_exporter
