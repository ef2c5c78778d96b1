#include "exporter/bullmq/queue_reader.h"

#include <algorithm>
#include <bitset>

#include "exporter/bullmq/job_times.h"
#include "exporter/bullmq/queue_keys.h"
#include "exporter/bullmq/score.h"

namespace bullmq_exporter {
namespace {

// An end is the question that asks for it.
static_assert(static_cast<int>(QueueEnd::kNextWaiting) ==
              static_cast<int>(QueueQuestion::kNextWaiting));
static_assert(static_cast<int>(QueueEnd::kNextActive) ==
              static_cast<int>(QueueQuestion::kNextActive));

// What a reply of a pipeline is to.
struct Asked {
  enum class Kind : std::uint8_t { kLength, kExists, kQuestion };
  std::size_t queue;  // in the chunk
  Kind kind;
  JobState state = JobState::kWaiting;                   // kLength
  QueueQuestion question = QueueQuestion::kNextWaiting;  // kQuestion
};

// What is known of a queue while it is read.
struct Progress {
  SetLengths lengths = {};
  std::bitset<kJobStates.size()> counted;  // states whose length was asked for
  bool others_exist = false;               // of the states that were not counted
  QueueQuestions asked;
};

struct JobAtEnd {
  std::size_t queue;
  QueueEnd end;
  std::string job_id;
  JobTimes times;
};

// The time that the only member of a range with scores tells.
std::optional<std::int64_t> TimeOf(const Reply& range, std::int64_t scale = 1) {
  if (range.elements.size() != 2) return std::nullopt;
  return MsOfScore(range.elements[1].text, scale);
}

class ChunkReader {
 public:
  ChunkReader(const ReadContext& context, std::span<QueueToRead> queues)
      : context_(context), queues_(queues), progress_(queues.size()) {}

  Result<void> Read() {
    if (auto done = ReadSets(); !done) return done;
    if (auto done = ReadJobs(); !done) return done;
    if (auto done = ReadDelays(); !done) return done;
    for (QueueToRead& queue : queues_) {
      if (queue.error) continue;
      SetTimes(*queue.snapshot, queue.known->ends);
    }
    return {};
  }

 private:
  Result<void> ReadSets() {
    for (std::size_t q = 0; q < queues_.size(); ++q) AskExpected(q);
    if (auto done = Exchange("reading counts"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (progress_[q].others_exist) AskOtherLengths(q);
    }
    if (auto done = Exchange("reading counts"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (!queues_[q].error) AskQuestions(q, Needed(q));
    }
    if (auto done = Exchange("reading the ends of queues"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) Remember(q);
    return {};
  }

  // The lengths of the sets that had something, each followed by what is asked of that set.
  void AskExpected(std::size_t q) {
    const KnownQueue& known = *queues_[q].known;
    const QueueId& id = queues_[q].snapshot->id;
    if (!known.lengths) return AskOtherLengths(q);
    std::vector<std::string> others;
    const QueueQuestions questions =
        QuestionsFor(*known.lengths, known.next_delayed_ms, context_.server_now_ms);
    for (const JobState state : kJobStates) {
      if ((*known.lengths)[Index(state)] == 0) {
        others.push_back(queue_keys::State(id, state));
        continue;
      }
      AskLength(q, state);
      AskQuestions(q, questions, state);
    }
    if (others.empty()) return;
    std::vector<std::string_view> exists = {"EXISTS"};
    exists.insert(exists.end(), others.begin(), others.end());
    pipeline_.Add(Route::kKey, exists);
    asked_.push_back({q, Asked::Kind::kExists});
  }

  void AskOtherLengths(std::size_t q) {
    for (const JobState state : kJobStates) {
      if (!progress_[q].counted[Index(state)]) AskLength(q, state);
    }
  }

  void AskLength(std::size_t q, JobState state) {
    AddLength(pipeline_, queues_[q].snapshot->id, state);
    asked_.push_back({q, Asked::Kind::kLength, state});
    progress_[q].counted.set(Index(state));
  }

  [[nodiscard]] QueueQuestions Needed(std::size_t q) const {
    return QuestionsFor(progress_[q].lengths, queues_[q].snapshot->next_delayed_ms,
                        context_.server_now_ms);
  }

  // Those that were not asked yet, of one set or of all.
  void AskQuestions(std::size_t q, QueueQuestions questions, std::optional<JobState> set = {}) {
    for (std::size_t i = 0; i < kQueueQuestions; ++i) {
      const auto question = static_cast<QueueQuestion>(i);
      if (!questions[i] || progress_[q].asked[i] || (set && SetOf(question) != *set)) continue;
      AddQuestion(pipeline_, queues_[q].snapshot->id, question, context_.server_now_ms);
      asked_.push_back({q, Asked::Kind::kQuestion, SetOf(question), question});
      progress_[q].asked.set(i);
    }
  }

  // Sends what was asked and takes the replies.
  Result<void> Exchange(std::string_view what) {
    if (pipeline_.empty()) return {};
    const auto replies = context_.client.Execute(pipeline_, context_.limits);
    if (!replies) return Fail(replies.error().In(what));
    for (std::size_t i = 0; i < asked_.size(); ++i) Take(asked_[i], (*replies)[i]);
    pipeline_.Clear();
    asked_.clear();
    return {};
  }

  void Take(const Asked& asked, const Reply& reply) {
    QueueToRead& queue = queues_[asked.queue];
    switch (asked.kind) {
      case Asked::Kind::kLength:
        if (reply.is_error()) {
          if (!queue.error) {
            queue.error = ErrorOf(reply).In(queue_keys::State(queue.snapshot->id, asked.state));
          }
          return;
        }
        progress_[asked.queue].lengths[Index(asked.state)] = reply.integer;
        queue.snapshot->jobs[Index(asked.state)] = reply.integer;
        return;
      case Asked::Kind::kExists:
        progress_[asked.queue].others_exist = reply.AsInteger().value_or(1) > 0;
        return;
      case Asked::Kind::kQuestion: return TakeAnswer(asked, reply);
    }
  }

  void TakeAnswer(const Asked& asked, const Reply& reply) {
    QueueSnapshot& queue = *queues_[asked.queue].snapshot;
    switch (asked.question) {
      case QueueQuestion::kPausedMarker:
        if (!reply.elements.empty() && queue_keys::IsMarker(reply.elements.back().text)) {
          --queue.jobs[Index(JobState::kPaused)];
        }
        return;
      case QueueQuestion::kNextDelayed:
        queue.next_delayed_ms = TimeOf(reply, kDelayedScale);
        return;
      case QueueQuestion::kOverdue: queue.overdue_delayed = reply.AsInteger(); return;
      case QueueQuestion::kLastCompleted: queue.last_completed_ms = TimeOf(reply); return;
      default: return TakeEnd(asked.queue, static_cast<QueueEnd>(asked.question), reply);
    }
  }

  void TakeEnd(std::size_t q, QueueEnd end, const Reply& reply) {
    const std::vector<Reply>& ids = reply.elements;
    const bool from_right = end == QueueEnd::kNextWaiting || end == QueueEnd::kNextActive;
    if (end == QueueEnd::kNextWaiting && !ids.empty() && queue_keys::IsMarker(ids.back().text)) {
      --queues_[q].snapshot->jobs[Index(JobState::kWaiting)];
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
    present_.push_back({q, end, std::move(job_id), {}});
  }

  void Remember(std::size_t q) {
    QueueToRead& queue = queues_[q];
    const Progress& progress = progress_[q];
    queue.snapshot->up = !queue.error;
    queue.known->lengths.reset();
    if (queue.error) return;
    queue.known->lengths = progress.lengths;
    queue.known->next_delayed_ms = queue.snapshot->next_delayed_ms;
    if (!progress.asked[static_cast<std::size_t>(QueueQuestion::kOverdue)]) {
      queue.snapshot->overdue_delayed = 0;
    }
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
    if (!replies && replies.error().code == ErrorCode::kTooLarge && queues_[0].known->too_large) {
      new_jobs_.clear();  // without an age, and not asked for again in each poll
      return {};
    }
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
        if (!has[q][end]) queues_[q].known->ends[end] = {};
      }
    }
  }

  KnownEnd& End(const JobAtEnd& job) {
    return queues_[job.queue].known->ends[static_cast<std::size_t>(job.end)];
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
  }

  const ReadContext& context_;
  std::span<QueueToRead> queues_;
  std::vector<Progress> progress_;
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
