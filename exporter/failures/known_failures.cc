#include "exporter/failures/known_failures.h"

#include <algorithm>
#include <functional>

namespace bullmq_exporter {

std::size_t KnownFailures::KeyHash::operator()(const Key& key) const {
  // Scores follow each other closely: an odd factor spreads them over all bits.
  constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;
  return key.id_hash ^ (static_cast<std::uint64_t>(key.score_ms) * kSpread);
}

KnownFailures::Key KnownFailures::KeyOf(std::string_view id, std::int64_t score_ms) {
  return {.id_hash = std::hash<std::string_view>()(id), .score_ms = score_ms};
}

bool KnownFailures::Contains(std::string_view id, std::int64_t score_ms) const {
  return failures_.contains(KeyOf(id, score_ms));
}

bool KnownFailures::Add(std::string_view id, std::int64_t score_ms) {
  if (Room() == 0) return false;
  if (failures_.insert(KeyOf(id, score_ms)).second) ++budget_.known;
  return true;
}

std::size_t KnownFailures::Room() const {
  const std::size_t in_queue = kMaxKnownOfQueue - std::min(kMaxKnownOfQueue, failures_.size());
  const std::size_t in_target = kMaxKnownOfTarget - std::min(kMaxKnownOfTarget, budget_.known);
  return std::min(in_queue, in_target);
}

std::int64_t KnownFailures::CountIn(std::int64_t begin_ms, std::int64_t end_ms) const {
  return std::count_if(failures_.begin(), failures_.end(), [&](const Key& key) {
    return key.score_ms >= begin_ms && key.score_ms < end_ms;
  });
}

void KnownFailures::Forget(std::int64_t before_ms) {
  const std::size_t dropped =
      std::erase_if(failures_, [before_ms](const Key& key) { return key.score_ms < before_ms; });
  budget_.known -= dropped;
  // Buckets of a burst that is over.
  if (dropped > 0 && failures_.empty()) {
    failures_ = {};
  } else if (failures_.size() * 8 < failures_.bucket_count()) {
    failures_.rehash(0);
  }
}

}  // namespace bullmq_exporter
