#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "exporter/base/error.h"
#include "exporter/bullmq/queue_questions.h"

namespace bullmq_exporter {

// A place in a set of jobs whose job tells an age. In the order of QueueQuestion.
enum class QueueEnd {
  kNextWaiting,
  kLastWaiting,
  kFirstPrioritized,
  kLastPrioritized,
  kNextActive
};
inline constexpr std::size_t kQueueEnds = 5;

// The job that stood at an end when it was last read, so that its hash is not read again while it
// stands there.
struct KnownEnd {
  std::string job_id;                   // empty: not known
  std::optional<std::int64_t> time_ms;  // ready time, or processedOn of an active job
};
using KnownEnds = std::array<KnownEnd, kQueueEnds>;

// What the last poll found of a queue, which lets the next one ask for less.
struct KnownQueue {
  KnownEnds ends;
  std::optional<QueueLengths> lengths;            // empty: not known
  bool paused_marker = false;                     // one of `paused` is no job
  std::optional<std::int64_t> next_delayed_ms;    // of the first delayed job
  std::optional<std::int64_t> last_completed_ms;  // empty: not known
  bool completes = false;                         // another job had completed since the poll before

  // The server's time before all of this was read, where no length had changed since the poll
  // before, that of the stream of events included; empty otherwise. Until a length changes or an
  // event comes, all of it holds, less QuestionsWithoutEvents: each script of BullMQ that moves a
  // job changes a length or writes an event.
  std::optional<std::int64_t> settled_ms;
  bool kept = false;        // the last poll found that it still held, and did not ask again
  bool events_tell = true;  // the stream of events can be read and has some

  // Its replies are larger than an exchange may be: it is read alone, and ages of jobs that are too
  // large are absent.
  bool too_large = false;
  // Whether what an exchange with this error asked for is absent, and the rest of the queue shown.
  [[nodiscard]] bool LeavesOut(const Error& error) const {
    return too_large && error.code == ErrorCode::kTooLarge;
  }

  // Set by who reads failures: no score of `failed` was this high. Whether that still holds is then
  // asked beside the count; empty again where it does not.
  std::optional<std::int64_t> quiet_from_ms;
  bool quiet = false;  // it still held in the last poll

  // Lets the next poll look at the jobs themselves again: one may have left its end and come back,
  // the last completed one may have been removed.
  void ForgetJobs() {
    settled_ms.reset();
    events_tell = true;
    for (KnownEnd& end : ends) end.job_id.clear();
    last_completed_ms.reset();
  }
};

}  // namespace bullmq_exporter
