#include "exporter/bullmq/scheduler_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/bullmq/queue_keys.h"
#include "exporter/bullmq/score.h"

namespace bullmq_exporter {
namespace {

constexpr std::string_view kMostPastSchedulers = "1000";
constexpr std::string_view kMostJobsOfATime = "100";

struct PastScheduler {
  std::size_t queue;
  std::string key;  // member of `repeat`
  std::int64_t next_ms;
};

// The end date in a legacy key, `name:id:endDate:tz:pattern`. The name may hold ':' in old
// versions, so only a part that is a date in ms is one.
std::optional<std::int64_t> LegacyEndDate(std::string_view key) {
  constexpr std::int64_t kYear2001Ms = 1000000000000;
  while (!key.empty()) {
    const std::size_t colon = key.find(':');
    const auto number = MsOfScore(key.substr(0, colon));
    if (number && *number > kYear2001Ms) return number;
    key = colon == std::string_view::npos ? std::string_view() : key.substr(colon + 1);
  }
  return std::nullopt;
}

// What is asked about a scheduler whose time is past; three replies.
constexpr std::size_t kAnswers = 3;

void AskPast(Pipeline& pipeline, const QueueId& queue, const PastScheduler& scheduler) {
  pipeline.Add(Route::kKey,
               {"HMGET", queue_keys::RepeatEntry(queue, scheduler.key), "ic", "limit", "endDate"});
  // The job of its next run by its id, as BullMQ 5 spells it.
  pipeline.Add(Route::kKey,
               {"HMGET", queue_keys::RepeatJob(queue, scheduler.key, scheduler.next_ms),
                "timestamp", "processedOn"});
  // The same by its due time, for ids of older versions hold a digest: a score of `delayed` is that
  // time times 4096, plus order.
  pipeline.Add(Route::kKey, {"ZRANGEBYSCORE", queue_keys::State(queue, JobState::kDelayed),
                             std::to_string(scheduler.next_ms * kDelayedScale),
                             "(" + std::to_string((scheduler.next_ms + 1) * kDelayedScale), "LIMIT",
                             "0", kMostJobsOfATime});
}

// Where neither limit nor iterations are told, one that lives has a job of its next run that nobody
// has begun. Its id is `repeat:<id>:<time>`; in older versions a digest stands for the id, and the
// job is found in `delayed`.
bool HasNextJob(const PastScheduler& scheduler, const Reply& job, const Reply& delayed) {
  if (job.elements.size() == 2 && job.elements[0].is_string()) return job.elements[1].is_nil();
  const std::string suffix = ":" + std::to_string(scheduler.next_ms);
  return std::any_of(delayed.elements.begin(), delayed.elements.end(), [&](const Reply& id) {
    return id.text.starts_with("repeat:") && id.text.ends_with(suffix);
  });
}

bool HasEnded(const PastScheduler& scheduler, const Replies& replies, std::size_t first,
              std::int64_t now_ms) {
  const Reply& hash = replies[first];
  const bool has_next = HasNextJob(scheduler, replies[first + 1], replies[first + 2]);
  if (hash.elements.size() != 3) return !has_next;
  const auto field = [&](std::size_t i) { return MsOfScore(hash.elements[i].text); };
  const auto iterations = field(0);
  const auto limit = field(1);
  const auto end_date = field(2) ? field(2) : LegacyEndDate(scheduler.key);
  if (end_date && *end_date < now_ms) return true;
  if (!iterations) return !has_next;
  return limit && *iterations >= *limit;
}

void Earlier(std::optional<std::int64_t>& next, std::int64_t candidate) {
  next = std::min(next.value_or(candidate), candidate);
}

}  // namespace

Result<void> ReadSchedulers(const ReadContext& context, std::span<SchedulersToRead> queues) {
  if (queues.empty()) return {};
  Pipeline pipeline;
  const std::string now = std::to_string(context.server_now_ms);
  for (const SchedulersToRead& queue : queues) {
    const std::string repeat = queue_keys::Repeat(*queue.id);
    pipeline.Add(Route::kKey, {"ZRANGEBYSCORE", repeat, "-inf", "(" + now, "WITHSCORES", "LIMIT",
                               "0", kMostPastSchedulers});
    pipeline.Add(Route::kKey,
                 {"ZRANGEBYSCORE", repeat, now, "+inf", "WITHSCORES", "LIMIT", "0", "1"});
  }
  const auto sets = context.client.Execute(pipeline, context.limits);
  if (!sets) return Fail(sets.error().In("reading schedulers"));

  pipeline.Clear();
  std::vector<PastScheduler> past;
  for (std::size_t q = 0; q < queues.size(); ++q) {
    const Reply& earlier = (*sets)[2 * q];
    const Reply& later = (*sets)[2 * q + 1];
    queues[q].readable = !earlier.is_error() && !later.is_error();
    if (later.elements.size() == 2) {
      if (const auto ms = MsOfScore(later.elements[1].text)) queues[q].times->next_ms = ms;
    }
    for (std::size_t i = 0; i + 1 < earlier.elements.size(); i += 2) {
      const std::string& key = earlier.elements[i].text;
      const auto ms = MsOfScore(earlier.elements[i + 1].text);
      if (!ms) continue;
      past.push_back({q, key, *ms});
      AskPast(pipeline, *queues[q].id, past.back());
    }
  }
  if (past.empty()) return {};
  const auto answers = context.client.Execute(pipeline, context.limits);
  if (!answers) return Fail(answers.error().In("reading schedulers"));
  for (std::size_t i = 0; i < past.size(); ++i) {
    if (HasEnded(past[i], *answers, kAnswers * i, context.server_now_ms)) continue;
    SchedulerTimes& times = *queues[past[i].queue].times;
    ++times.overdue;
    Earlier(times.next_ms, past[i].next_ms);
  }
  return {};
}

}  // namespace bullmq_exporter
