#include "exporter/failures/failure_window.h"

#include <algorithm>
#include <utility>

#include "exporter/failures/failure_class.h"
#include "exporter/failures/failure_counts.h"
#include "exporter/failures/known_failures.h"
#include "exporter/failures/skipped_failures.h"

namespace bullmq_exporter {
namespace {

// Known failures are kept for longer than they can be read again: a fail-over to a server whose
// clock is behind makes the next reads begin earlier.
constexpr std::int64_t kClockStepMs = 60'000;

}  // namespace

struct FailureWindow::Contents {
  explicit Contents(FailureBudget& budget) : known(budget), counts(budget) {}

  [[nodiscard]] bool empty() const { return known.empty() && counts.empty() && skipped.empty(); }

  KnownFailures known;
  FailureCounts counts;
  SkippedFailures skipped;
};

FailureWindow::FailureWindow(FailureBudget& budget) : budget_(&budget) {}
FailureWindow::FailureWindow(FailureWindow&&) noexcept = default;
FailureWindow& FailureWindow::operator=(FailureWindow&&) noexcept = default;
FailureWindow::~FailureWindow() = default;

std::int64_t FailureWindow::ReadFromMs(std::int64_t now_ms) const {
  // What finished before the window is of no interest, but a window may be shorter than the
  // overlap.
  const std::int64_t horizon_ms = now_ms - std::max(budget_->window_ms, kFailureOverlapMs);
  if (read_to_ms_ == kNever) return horizon_ms;
  return std::max(std::min(read_to_ms_, now_ms) - kFailureOverlapMs, horizon_ms);
}

std::size_t FailureWindow::Room() const {
  const std::size_t in_target = kMaxKnownOfTarget - std::min(kMaxKnownOfTarget, budget_->known);
  return contents_ ? contents_->known.Room() : std::min(kMaxKnownOfQueue, in_target);
}

bool FailureWindow::Knows(std::string_view id, std::int64_t finished_on_ms) const {
  return contents_ && contents_->known.Contains(id, finished_on_ms);
}

bool FailureWindow::Add(const Failure& failure, std::int64_t now_ms) {
  if (!MutableContents().known.Add(failure.id, failure.finished_on_ms)) return false;
  Count(failure, now_ms);
  const bool is_first_read = read_to_ms_ == kNever;
  if (!is_first_read || failure.finished_on_ms > budget_->started_ms) ++seen_total_;
  return true;
}

void FailureWindow::Count(const Failure& failure, std::int64_t now_ms) {
  const std::int64_t at_ms = std::min(failure.finished_on_ms, now_ms);
  NoteLastFailure(at_ms, now_ms);
  read_.reset();
  if (at_ms < now_ms - budget_->window_ms) return;
  contents_->counts.Add(failure.id, failure.name,
                        budget_->reasons ? ClassifyFailure(failure.reason) : std::string(), at_ms);
}

void FailureWindow::AddSkipped(std::int64_t count, std::int64_t begin_ms, std::int64_t end_ms) {
  if (count > 0) MutableContents().skipped.Add(count, begin_ms, end_ms);
}

std::optional<ScoreRange> FailureWindow::RangeToCount(bool complete, std::int64_t now_ms) const {
  const ScoreRange leaving = {.begin_ms = ReadFromMs(now_ms), .end_ms = now_ms - kFailureOverlapMs};
  if (leaving.end_ms <= leaving.begin_ms) return std::nullopt;
  if (complete && leaving.begin_ms > incomplete_to_ms_) return std::nullopt;
  return leaving;
}

void FailureWindow::EndRead(bool complete, std::optional<std::int64_t> in_range,
                            std::int64_t now_ms) {
  const std::optional<ScoreRange> range = RangeToCount(complete, now_ms);
  if (range && in_range) {
    const std::int64_t known =
        contents_ ? contents_->known.CountIn(range->begin_ms, range->end_ms) : 0;
    AddSkipped(*in_range - known, range->begin_ms, range->end_ms);
  }
  // Workers whose clocks are ahead have put some that were not read above `now_ms`.
  if (!complete) incomplete_to_ms_ = now_ms + kFailureOverlapMs;
  read_to_ms_ = now_ms;
  if (contents_) contents_->known.Forget(ReadFromMs(now_ms) - kClockStepMs);
}

void FailureWindow::NoteLastFailure(std::int64_t finished_on_ms, std::int64_t now_ms) {
  const std::int64_t at_ms = std::min(finished_on_ms, now_ms);
  if (at_ms <= last_failure_ms_) return;
  last_failure_ms_ = at_ms;
  read_.reset();
}

std::shared_ptr<const QueueFailures> FailureWindow::Read(std::int64_t now_ms) {
  std::int64_t skipped = 0;
  if (contents_) {
    const std::int64_t cutoff_ms = now_ms - budget_->window_ms;
    if (contents_->counts.Slide(now_ms)) read_.reset();
    contents_->skipped.Slide(cutoff_ms);
    skipped = contents_->skipped.CountFrom(cutoff_ms);
    if (contents_->empty()) contents_.reset();
  }
  if (read_ && read_->skipped == skipped) return read_;
  if (!contents_ && last_failure_ms_ == kNever && seen_total_ == 0) return nullptr;
  QueueFailures failures;
  if (contents_) failures.recent = contents_->counts.Read();
  if (last_failure_ms_ != kNever) failures.last_failure_ms = last_failure_ms_;
  failures.seen_total = seen_total_;
  failures.skipped = skipped;
  read_ = std::make_shared<const QueueFailures>(std::move(failures));
  return read_;
}

FailureWindow::Contents& FailureWindow::MutableContents() {
  if (!contents_) contents_ = std::make_unique<Contents>(*budget_);
  return *contents_;
}

}  // namespace bullmq_exporter
