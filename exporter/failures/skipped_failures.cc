#include "exporter/failures/skipped_failures.h"

#include <algorithm>
#include <cmath>

namespace bullmq_exporter {
namespace {

constexpr std::size_t kMaxRanges = 64;

}  // namespace

void SkippedFailures::Add(std::int64_t count, std::int64_t begin_ms, std::int64_t end_ms) {
  if (count <= 0) return;
  if (ranges_.size() == kMaxRanges) {
    for (std::size_t i = 0; i < kMaxRanges / 2; ++i) {
      const Range& a = ranges_[2 * i];
      const Range& b = ranges_[2 * i + 1];
      ranges_[i] = {.count = a.count + b.count,
                    .begin_ms = std::min(a.begin_ms, b.begin_ms),
                    .end_ms = std::max(a.end_ms, b.end_ms)};
    }
    ranges_.resize(kMaxRanges / 2);
  }
  ranges_.push_back(
      {.count = count, .begin_ms = begin_ms, .end_ms = std::max(end_ms, begin_ms + 1)});
}

void SkippedFailures::Slide(std::int64_t cutoff_ms) {
  std::erase_if(ranges_, [cutoff_ms](const Range& range) { return range.end_ms <= cutoff_ms; });
}

std::int64_t SkippedFailures::CountFrom(std::int64_t cutoff_ms) const {
  double total = 0;
  for (const Range& range : ranges_) {
    const std::int64_t inside_ms =
        range.end_ms - std::clamp(cutoff_ms, range.begin_ms, range.end_ms);
    const auto length_ms = static_cast<double>(range.end_ms - range.begin_ms);
    total += static_cast<double>(range.count) * static_cast<double>(inside_ms) / length_ms;
  }
  return static_cast<std::int64_t>(std::ceil(total));
}

}  // namespace bullmq_exporter
