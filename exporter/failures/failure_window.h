#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include "exporter/failures/failure_budget.h"
#include "exporter/model/queue_snapshot.h"

namespace bullmq_exporter {

// One failure as its job's hash tells it.
struct Failure {
  std::string_view id = {};
  std::int64_t finished_on_ms = 0;  // score in the `failed` set, by the worker's clock
  std::string_view name = {};
  std::string_view reason = {};  // `failedReason`, as it is
};

// Scores of the `failed` set: begin_ms <= score < end_ms.
struct ScoreRange {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
};

// What failed in one queue within `failures.window`, each failure once.
//
// Its source is the `failed` set, whose scores are workers' clocks: each read goes back over what
// was read, and what is known is dropped by id and score. The owner (the poller) reads like this,
// where `now_ms` is one answer of the server's TIME from before the read:
//
//   1. ids and scores from ReadFromMs(now_ms) up, newest first, at most as many as it likes
//      (ZREVRANGEBYSCORE failed +inf <from> WITHSCORES LIMIT 0 <n>);
//   2. for those that are not known (Knows), no more than Room(): name and failedReason, and Add.
//      When there were more, or more ids than n, the read is not complete;
//   3. if RangeToCount(complete, now_ms) names a range: ZCOUNT failed <begin> (<end>;
//   4. EndRead(complete, that count, now_ms). A read that failed half-way is just not ended: what
//      was added stays known, and the next read begins where this one did.
//
// So a queue whose jobs fail faster than they can be read is sampled, newest first, and what has
// been skipped is counted once it can no longer be read. Jobs of `removeOnFail` never enter the
// set.
//
// All times are milliseconds since 1970. A worker's clock may be a minute ahead or behind; a
// failure whose score lies in the future counts as having happened when it was met. Small while
// nothing has failed. Not thread-safe; `budget` must outlive it.
class FailureWindow {
 public:
  explicit FailureWindow(FailureBudget& budget);
  FailureWindow(FailureWindow&&) noexcept;
  FailureWindow& operator=(FailureWindow&&) noexcept;
  ~FailureWindow();

  // The lowest score to read. The first read sees the whole window.
  [[nodiscard]] std::int64_t ReadFromMs(std::int64_t now_ms) const;

  // How many failures can be added at most before the next EndRead.
  [[nodiscard]] std::size_t Room() const;

  // Whether the failure with this id and score has been added.
  [[nodiscard]] bool Knows(std::string_view id, std::int64_t finished_on_ms) const;

  // Counts a failure of the `failed` set that is not known. False when a bound leaves no room for
  // it: then the read is not complete.
  bool Add(const Failure& failure, std::int64_t now_ms);

  // The scores that the next read will not see again and among which some failures may not have
  // been added, since this read or an earlier one was not complete.
  [[nodiscard]] std::optional<ScoreRange> RangeToCount(bool complete, std::int64_t now_ms) const;

  // Ends a read. `in_range`: how many members of the set RangeToCount's range has, where it named
  // one.
  void EndRead(bool complete, std::optional<std::int64_t> in_range, std::int64_t now_ms);

  // Tells a time at which a job failed, such as the highest score of the set; it may be long ago.
  void NoteLastFailure(std::int64_t finished_on_ms, std::int64_t now_ms);

  // The window up to `now_ms`; null while nothing has failed. The same object as long as nothing
  // changes. seen_total counts what was added since the exporter started, but not what the first
  // read found to have finished before: the total begins at 0.
  [[nodiscard]] std::shared_ptr<const QueueFailures> Read(std::int64_t now_ms);

 private:
  struct Contents;

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

  Contents& MutableContents();
  void Count(const Failure& failure, std::int64_t now_ms);

  // Adds failures that nobody counts and that happened some time between `begin_ms` and `end_ms`.
  // They leave the window little by little, as if they had happened evenly in that time.
  void AddSkipped(std::int64_t count, std::int64_t begin_ms, std::int64_t end_ms);

  FailureBudget* budget_;
  std::int64_t read_to_ms_ = kNever;        // the server's TIME at the last read
  std::int64_t incomplete_to_ms_ = kNever;  // failures up to this score may not have been added
  std::int64_t last_failure_ms_ = kNever;
  std::int64_t seen_total_ = 0;
  std::unique_ptr<Contents> contents_;         // null when there is nothing to remember
  std::shared_ptr<const QueueFailures> read_;  // what Read returned, while it is right
};

}  // namespace bullmq_exporter
