#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/bullmq/queue_keys.h"
#include "exporter/model/job_state.h"
#include "exporter/redis/pipeline.h"

namespace bullmq_exporter {

// By Index(JobState).
using SetLengths = std::array<std::int64_t, kJobStates.size()>;

// How many elements the keys of a queue have.
struct QueueLengths {
  SetLengths sets = {};     // markers included
  std::int64_t events = 0;  // of the stream `events`; 0 as well where it was not or cannot be read
  bool operator==(const QueueLengths&) const = default;
};

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

// Those whose answer may change while every length stays the same, that of the stream of events
// included: jobs fall due, and changePriority-7.lua moves jobs within their sets without an event.
[[nodiscard]] QueueQuestions QuestionsWithoutEvents();

// Appends the length of a state's key (LLEN, ZCARD) of the queue that the keys are of.
void AddLength(Pipeline& pipeline, queue_keys::KeySpeller& keys, JobState state);

// Appends a question about it. `time_ms` is the server's time for kOverdue, and the score to count
// from for kCompletedSince (without it) and kFailedSince (with it).
void AddQuestion(Pipeline& pipeline, queue_keys::KeySpeller& keys, QueueQuestion question,
                 std::int64_t time_ms);

}  // namespace bullmq_exporter
