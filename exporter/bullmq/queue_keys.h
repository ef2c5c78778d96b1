#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/model/job_state.h"
#include "exporter/model/queue_id.h"

// The only place that spells a key of BullMQ or Bull: `prefix:queue:suffix`. Each accessor names
// the type of the key and who reads it. What the keys mean is in docs/redis.md.
namespace bullmq_exporter::queue_keys {

[[nodiscard]] inline std::string Join(const QueueId& queue,
                                      std::initializer_list<std::string_view> parts) {
  std::string key;
  std::size_t size = queue.prefix.size() + queue.name.size() + 1;
  for (const std::string_view part : parts) size += part.size() + 1;
  key.reserve(size);
  key.append(queue.prefix).append(1, ':').append(queue.name);
  for (const std::string_view part : parts) key.append(1, ':').append(part);
  return key;
}

// The key of a state: lists wait, active, paused; zsets prioritized, delayed, waiting-children,
// completed, failed. Read by QueueReader (counts and ends), FailedReader and JobReader (pages).
[[nodiscard]] constexpr std::string_view StateSuffix(JobState state) {
  return state == JobState::kWaiting ? std::string_view("wait") : JobStateName(state);
}
[[nodiscard]] inline std::string State(const QueueId& queue, JobState state) {
  return Join(queue, {StateSuffix(state)});
}
[[nodiscard]] constexpr bool IsList(JobState state) {
  return state == JobState::kWaiting || state == JobState::kActive || state == JobState::kPaused;
}

// Spells keys of one queue after another in a buffer of its own, for a poll has tens of thousands
// of them. Each is valid until the next one is asked for.
class KeySpeller {
 public:
  void Select(const QueueId& queue) {
    key_.assign(queue.prefix).append(1, ':').append(queue.name).append(1, ':');
    stem_ = key_.size();
  }
  [[nodiscard]] std::string_view State(JobState state) { return Spell(StateSuffix(state)); }
  [[nodiscard]] std::string_view Events() { return Spell("events"); }

 private:
  std::string_view Spell(std::string_view suffix) {
    key_.resize(stem_);
    return key_.append(suffix);
  }

  std::string key_;
  std::size_t stem_ = 0;
};

// hash: version, paused, concurrency, max, duration, opts.maxLenEvents. QueueReader, Discovery.
[[nodiscard]] inline std::string Meta(const QueueId& queue) { return Join(queue, {"meta"}); }
// string: Bull's flag of a paused queue. QueueReader.
[[nodiscard]] inline std::string MetaPaused(const QueueId& queue) {
  return Join(queue, {"meta-paused"});
}
// string: INCRed for each id given out. QueueReader, Discovery.
[[nodiscard]] inline std::string Id(const QueueId& queue) { return Join(queue, {"id"}); }
// stream: tells QueueReader that something happened. Discovery.
[[nodiscard]] inline std::string Events(const QueueId& queue) { return Join(queue, {"events"}); }
// string with a time to live: the rate limiter. QueueReader.
[[nodiscard]] inline std::string Limiter(const QueueId& queue) { return Join(queue, {"limiter"}); }
// zset: next run of each job scheduler or legacy repeatable, in ms. SchedulerReader.
[[nodiscard]] inline std::string Repeat(const QueueId& queue) { return Join(queue, {"repeat"}); }
// hash: one scheduler. SchedulerReader.
[[nodiscard]] inline std::string RepeatEntry(const QueueId& queue, std::string_view id) {
  return Join(queue, {"repeat", id});
}
// hash: the job of a scheduler's run at a time, in ms. SchedulerReader.
[[nodiscard]] inline std::string RepeatJob(const QueueId& queue, std::string_view id,
                                           std::int64_t time_ms) {
  return Join(queue, {"repeat", id, std::to_string(time_ms)});
}
// hash: `count` is the total of finished jobs, where workers keep metrics. QueueReader.
[[nodiscard]] inline std::string MetricsCompleted(const QueueId& queue) {
  return Join(queue, {"metrics:completed"});
}
[[nodiscard]] inline std::string MetricsFailed(const QueueId& queue) {
  return Join(queue, {"metrics:failed"});
}
// hash: one job. QueueReader (times), FailedReader (name, reason), JobReader (all of it).
[[nodiscard]] inline std::string Job(const QueueId& queue, std::string_view job_id) {
  return Join(queue, {job_id});
}

// Elements `0:…` of wait, paused and active, and a bare `0` as BullMQ 3.0 wrote it, are markers of
// BullMQ 3 and 4 that a delayed job is due, no jobs: ids begin with 1.
[[nodiscard]] inline bool IsMarker(std::string_view element) {
  return element == "0" || element.starts_with("0:");
}

// The glob for SCAN MATCH that finds every key `prefix:…:meta`, `:id` and `:events` (and few
// others); characters of the prefix that a glob would interpret are escaped.
[[nodiscard]] std::string ScanPattern(std::string_view prefix);
// The same for several prefixes that begin with `common`, which may be empty.
[[nodiscard]] std::string ScanPatternForAll(std::string_view common);

// The queue of a key that ends in :meta, :id or :events under the prefix; nothing for any other
// key.
[[nodiscard]] std::optional<QueueId> QueueOfKey(std::string_view key, std::string_view prefix);

}  // namespace bullmq_exporter::queue_keys
