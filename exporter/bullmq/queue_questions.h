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
// are ids of jobs.
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
};
inline constexpr std::size_t kQueueQuestions = 9;
using QueueQuestions = std::bitset<kQueueQuestions>;

// The state whose key a question is about.
[[nodiscard]] JobState SetOf(QueueQuestion question);

// Which questions sets of these lengths need. Overdue jobs are counted only where the first delayed
// job is due: `next_delayed_ms`, or not known.
[[nodiscard]] QueueQuestions QuestionsFor(const SetLengths& lengths,
                                          std::optional<std::int64_t> next_delayed_ms,
                                          std::int64_t now_ms);

// Appends the length of a state's key (LLEN, ZCARD).
void AddLength(Pipeline& pipeline, const QueueId& queue, JobState state);

// Appends a question.
void AddQuestion(Pipeline& pipeline, const QueueId& queue, QueueQuestion question,
                 std::int64_t now_ms);

}  // namespace bullmq_exporter
