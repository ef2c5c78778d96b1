#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"
#include "exporter/redis/pipeline.h"

namespace bullmq_exporter {

// How many elements each state's key has, markers included.
using SetLengths = std::array<std::int64_t, kJobStates.size()>;

// What a poll asks of a queue's sets beside their lengths. The first five are ends: their replies
// are ids of jobs. The last four are for sets that are known from the last poll.
enum class QueueQuestion : std::uint8_t {
  kNextWaiting,       // LRANGE wait -2 -1: two, since one may be a marker
  kLastWaiting,       // LRANGE wait 0 1
  kFirstPrioritized,  // ZRANGE prioritized 0 0
  kLastPrioritized,   // ZRANGE prioritized -1 -1
  kNextActive,        // LRANGE active -2 -1
  kPausedMarker,      // LRANGE paused -1 -1
  kNextDelayed,       // ZRANGE delayed 0 0 WITHSCORES
  kOverdue,           // ZCOUNT delayed, what was due before now
  kLastCompleted,     // ZREVRANGE completed 0 0 WITHSCORES
  kWaitingList,       // LRANGE wait 0 8: length and ends at once, of a list that was short
  kActiveList,        // LRANGE active 0 8, likewise
  kCompletedSince,    // ZCOUNT completed, what is later than the last one known
  kFailedSince,       // ZCOUNT failed, what has a score from where there was none on
};
inline constexpr std::size_t kQueueQuestions = 13;
using QueueQuestions = std::bitset<kQueueQuestions>;

// Up to this length a list is read whole, which costs the server less than its length and ends.
inline constexpr std::int64_t kShortList = 8;

// The state whose key a question is about.
[[nodiscard]] JobState SetOf(QueueQuestion question);

// Which questions sets of these lengths need, of those that need no knowledge. Overdue jobs are
// counted only where the first delayed job is due: `next_delayed_ms`, or not known.
[[nodiscard]] QueueQuestions QuestionsFor(const SetLengths& lengths,
                                          std::optional<std::int64_t> next_delayed_ms,
                                          std::int64_t now_ms);

// Appends the length of a state's key (LLEN, ZCARD).
void AddLength(Pipeline& pipeline, const QueueId& queue, JobState state);

// Appends a question. `time_ms` is the server's time for kOverdue, and the score to count from for
// kCompletedSince (without it) and kFailedSince (with it).
void AddQuestion(Pipeline& pipeline, const QueueId& queue, QueueQuestion question,
                 std::int64_t time_ms);

}  // namespace bullmq_exporter
