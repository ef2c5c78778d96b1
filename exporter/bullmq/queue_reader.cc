#include "exporter/bullmq/queue_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "exporter/bullmq/job_times.h"
#include "exporter/bullmq/queue_keys.h"

namespace bullmq_exporter {
namespace {

// A score of `delayed` is the due time in ms times this, plus twelve bits of order.
constexpr double kDelayedScale = 4096;

enum class Question {
  kEnd,            // LRANGE or ZRANGE at an end; `end` says which
  kMarker,         // the right end of `paused`
  kNextDelayed,    // ZRANGE delayed 0 0 WITHSCORES
  kOverdue,        // ZCOUNT delayed
  kLastCompleted,  // ZREVRANGE completed 0 0 WITHSCORES
};

struct Asked {
  std::size_t queue;  // in the chunk
  Question question;
  QueueEnd end = QueueEnd::kNextWaiting;
};

struct JobAtEnd {
  std::size_t queue;
  QueueEnd end;
  std::string job_id;
  JobTimes times;
};

std::optional<double> Score(const Reply& range) {
  if (range.elements.size() != 2) return std::nullopt;
  const std::string& text = range.elements[1].text;
  double score = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (failure != std::errc() || stop != text.data() + text.size() || !std::isfinite(score)) {
    return std::nullopt;
  }
  return score;
}

class ChunkReader {
 public:
  ChunkReader(const ReadContext& context, std::span<QueueToRead> queues)
      : context_(context), queues_(queues) {}

  Result<void> Read() {
    if (auto done = ReadCounts(); !done) return done;
    if (auto done = ReadSets(); !done) return done;
    if (auto done = ReadJobs(); !done) return done;
    if (auto done = ReadDelays(); !done) return done;
    for (QueueToRead& queue : queues_) {
      if (queue.error) continue;
      SetTimes(*queue.snapshot, *queue.ends);
    }
    return {};
  }

 private:
  Result<void> ReadCounts() {
    for (const QueueToRead& queue : queues_) {
      for (const JobState state : kJobStates) {
        pipeline_.Add(Route::kKey, {queue_keys::IsList(state) ? "LLEN" : "ZCARD",
                                    queue_keys::State(queue.snapshot->id, state)});
      }
    }
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading counts"));
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      for (const JobState state : kJobStates) {
        const Reply& reply = (*replies)[q * kJobStates.size() + Index(state)];
        if (reply.is_error()) {
          queues_[q].error = ErrorOf(reply).In(queue_keys::State(queues_[q].snapshot->id, state));
          break;
        }
        queues_[q].snapshot->jobs[Index(state)] = reply.integer;
      }
      queues_[q].snapshot->up = !queues_[q].error;
    }
    return {};
  }

  void AskEnd(std::size_t q, QueueEnd end, JobState state, std::string_view first,
              std::string_view last) {
    const std::string key = queue_keys::State(queues_[q].snapshot->id, state);
    pipeline_.Add(Route::kKey, {queue_keys::IsList(state) ? "LRANGE" : "ZRANGE", key, first, last});
    asked_.push_back({q, Question::kEnd, end});
  }

  void AskSets(std::size_t q, const std::string& delayed_until) {
    const QueueSnapshot& queue = *queues_[q].snapshot;
    const auto jobs = [&](JobState state) { return queue.jobs[Index(state)]; };
    // Two elements of each list, since one may be a marker.
    if (jobs(JobState::kWaiting) > 0)
      AskEnd(q, QueueEnd::kNextWaiting, JobState::kWaiting, "-2", "-1");
    if (jobs(JobState::kWaiting) > 1)
      AskEnd(q, QueueEnd::kLastWaiting, JobState::kWaiting, "0", "1");
    if (jobs(JobState::kActive) > 0)
      AskEnd(q, QueueEnd::kNextActive, JobState::kActive, "-2", "-1");
    if (jobs(JobState::kPrioritized) > 0) {
      AskEnd(q, QueueEnd::kFirstPrioritized, JobState::kPrioritized, "0", "0");
    }
    if (jobs(JobState::kPrioritized) > 1) {
      AskEnd(q, QueueEnd::kLastPrioritized, JobState::kPrioritized, "-1", "-1");
    }
    if (jobs(JobState::kPaused) > 0) {
      pipeline_.Add(Route::kKey,
                    {"LRANGE", queue_keys::State(queue.id, JobState::kPaused), "-1", "-1"});
      asked_.push_back({q, Question::kMarker});
    }
    if (jobs(JobState::kDelayed) > 0) {
      const std::string key = queue_keys::State(queue.id, JobState::kDelayed);
      pipeline_.Add(Route::kKey, {"ZRANGE", key, "0", "0", "WITHSCORES"});
      asked_.push_back({q, Question::kNextDelayed});
      pipeline_.Add(Route::kKey, {"ZCOUNT", key, "-inf", delayed_until});
      asked_.push_back({q, Question::kOverdue});
    }
    if (jobs(JobState::kCompleted) > 0) {
      pipeline_.Add(Route::kKey, {"ZREVRANGE", queue_keys::State(queue.id, JobState::kCompleted),
                                  "0", "0", "WITHSCORES"});
      asked_.push_back({q, Question::kLastCompleted});
    }
  }

  Result<void> ReadSets() {
    pipeline_.Clear();
    const std::string delayed_until =
        "(" + std::to_string(context_.server_now_ms * static_cast<std::int64_t>(kDelayedScale));
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (!queues_[q].error) AskSets(q, delayed_until);
    }
    if (pipeline_.empty()) return {};
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In("reading the ends of queues"));
    for (std::size_t i = 0; i < asked_.size(); ++i) TakeSet(asked_[i], (*replies)[i]);
    return {};
  }

  void TakeSet(const Asked& asked, const Reply& reply) {
    QueueSnapshot& queue = *queues_[asked.queue].snapshot;
    switch (asked.question) {
      case Question::kEnd: return TakeEnd(asked, reply);
      case Question::kMarker:
        if (!reply.elements.empty() && queue_keys::IsMarker(reply.elements.back().text)) {
          --queue.jobs[Index(JobState::kPaused)];
        }
        return;
      case Question::kNextDelayed:
        if (const auto score = Score(reply)) {
          queue.next_delayed_ms = static_cast<std::int64_t>(std::floor(*score / kDelayedScale));
        }
        return;
      case Question::kOverdue: queue.overdue_delayed = reply.AsInteger(); return;
      case Question::kLastCompleted:
        if (const auto score = Score(reply)) {
          queue.last_completed_ms = static_cast<std::int64_t>(*score);
        }
        return;
    }
  }

  void TakeEnd(const Asked& asked, const Reply& reply) {
    QueueToRead& queue = queues_[asked.queue];
    const std::vector<Reply>& ids = reply.elements;
    const bool from_right =
        asked.end == QueueEnd::kNextWaiting || asked.end == QueueEnd::kNextActive;
    if (asked.end == QueueEnd::kNextWaiting && !ids.empty() &&
        queue_keys::IsMarker(ids.back().text)) {
      --queue.snapshot->jobs[Index(JobState::kWaiting)];
    }
    const auto is_job = [](const Reply& id) { return !queue_keys::IsMarker(id.text); };
    std::string job_id;
    if (from_right) {
      const auto job = std::find_if(ids.rbegin(), ids.rend(), is_job);
      if (job != ids.rend()) job_id = job->text;
    } else {
      const auto job = std::find_if(ids.begin(), ids.end(), is_job);
      if (job != ids.end()) job_id = job->text;
    }
    present_.push_back({asked.queue, asked.end, std::move(job_id), {}});
  }

  // Reads the hashes of jobs that are new at their end, and forgets the ends where no job is now.
  Result<void> ReadJobs() {
    ForgetEmptyEnds();
    pipeline_.Clear();
    std::vector<std::size_t> first;
    for (JobAtEnd& job : present_) {
      KnownEnd& known = End(job);
      if (job.job_id.empty() || known.job_id == job.job_id) continue;
      first.push_back(
          AddJobTimes(pipeline_, queue_keys::Job(queues_[job.queue].snapshot->id, job.job_id)));
      known.job_id = job.job_id;
      known.time_ms.reset();
      new_jobs_.push_back(std::move(job));
    }
    if (new_jobs_.empty()) return {};
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return ForgetNewJobs(replies.error().In("reading jobs"));
    for (std::size_t i = 0; i < new_jobs_.size(); ++i) {
      JobAtEnd& job = new_jobs_[i];
      job.times = ReadJobTimes(*replies, first[i]);
      End(job).time_ms =
          job.end == QueueEnd::kNextActive ? job.times.processed_on_ms : ReadyTime(job.times, 0);
    }
    return {};
  }

  Result<void> ReadDelays() {
    pipeline_.Clear();
    std::vector<const JobAtEnd*> delayed;
    for (const JobAtEnd& job : new_jobs_) {
      if (job.end == QueueEnd::kNextActive || !NeedsDelay(job.times)) continue;
      pipeline_.Add(Route::kKey,
                    {"HGET", queue_keys::Job(queues_[job.queue].snapshot->id, job.job_id), "opts"});
      delayed.push_back(&job);
    }
    if (delayed.empty()) return {};
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return ForgetNewJobs(replies.error().In("reading options of jobs"));
    for (std::size_t i = 0; i < delayed.size(); ++i) {
      End(*delayed[i]).time_ms = ReadyTime(delayed[i]->times, DelayOfOpts((*replies)[i].text));
    }
    return {};
  }

  // What was only half read is read again in the next poll.
  Result<void> ForgetNewJobs(Error error) {
    for (const JobAtEnd& job : new_jobs_) End(job) = {};
    return Fail(std::move(error));
  }

  void ForgetEmptyEnds() {
    std::vector<std::array<bool, kQueueEnds>> has(queues_.size());
    for (const JobAtEnd& job : present_) {
      has[job.queue][static_cast<std::size_t>(job.end)] = !job.job_id.empty();
    }
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      for (std::size_t end = 0; end < kQueueEnds; ++end) {
        if (!has[q][end]) (*queues_[q].ends)[end] = {};
      }
    }
  }

  KnownEnd& End(const JobAtEnd& job) {
    return (*queues_[job.queue].ends)[static_cast<std::size_t>(job.end)];
  }

  static void SetTimes(QueueSnapshot& queue, const KnownEnds& ends) {
    for (const QueueEnd end : {QueueEnd::kNextWaiting, QueueEnd::kLastWaiting,
                               QueueEnd::kFirstPrioritized, QueueEnd::kLastPrioritized}) {
      const auto time = ends[static_cast<std::size_t>(end)].time_ms;
      if (time && (!queue.oldest_waiting_ms || *time < *queue.oldest_waiting_ms)) {
        queue.oldest_waiting_ms = time;
      }
    }
    queue.oldest_active_ms = ends[static_cast<std::size_t>(QueueEnd::kNextActive)].time_ms;
    if (queue.jobs[Index(JobState::kDelayed)] == 0) queue.overdue_delayed = 0;
  }

  const ReadContext& context_;
  std::span<QueueToRead> queues_;
  Pipeline pipeline_;
  std::vector<Asked> asked_;
  std::vector<JobAtEnd> present_;
  std::vector<JobAtEnd> new_jobs_;
};

}  // namespace

Result<void> ReadQueues(const ReadContext& context, std::span<QueueToRead> queues) {
  return ChunkReader(context, queues).Read();
}

}  // namespace bullmq_exporter
