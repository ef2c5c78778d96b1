#include "exporter/bullmq/queue_reader.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "exporter/bullmq/jobs_at_ends.h"
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
  enum class Kind : std::uint8_t { kLength, kEvents, kEventsSince, kExists, kQuestion };
  std::size_t queue;  // in the chunk
  Kind kind;
  JobState state = JobState::kWaiting;                   // kLength
  QueueQuestion question = QueueQuestion::kNextWaiting;  // kQuestion
};

// What is known of a queue while it is read.
struct Progress {
  QueueLengths lengths;
  std::bitset<kJobStates.size()> counted;  // states whose length was asked for
  bool others_exist = false;               // of the states that were not counted
  bool event_came = false;                 // since the queue settled
  QueueQuestions asked;
  std::bitset<kQueueEnds> ends;  // where a job stands
};

// How much earlier than its clock says a server may date what happens.
constexpr std::int64_t kClockSlackMs = 1000;

// The question that reads this state's list whole; none where its ends are not asked for.
std::optional<QueueQuestion> WholeList(JobState state) {
  if (state == JobState::kWaiting) return QueueQuestion::kWaitingList;
  if (state == JobState::kActive) return QueueQuestion::kActiveList;
  return std::nullopt;
}

// The time that the only member of a range with scores tells.
std::optional<std::int64_t> TimeOf(const Reply& range, std::int64_t scale = 1) {
  if (range.elements.size() != 2) return std::nullopt;
  return MsOfScore(range.elements[1].text, scale);
}

// The oldest waiting job is at one of the ends: the lists are FIFO or LIFO.
void SetAges(QueueSnapshot& queue, const KnownEnds& ends) {
  for (const QueueEnd end : {QueueEnd::kNextWaiting, QueueEnd::kLastWaiting,
                             QueueEnd::kFirstPrioritized, QueueEnd::kLastPrioritized}) {
    const auto time = ends[static_cast<std::size_t>(end)].time_ms;
    if (time && (!queue.oldest_waiting_ms || *time < *queue.oldest_waiting_ms)) {
      queue.oldest_waiting_ms = time;
    }
  }
  queue.oldest_active_ms = ends[static_cast<std::size_t>(QueueEnd::kNextActive)].time_ms;
}

class ChunkReader {
 public:
  ChunkReader(const ReadContext& context, std::span<QueueToRead> queues)
      : context_(context), queues_(queues), progress_(queues.size()) {}

  Result<void> Read() {
    auto done = ReadSets();
    const bool large = !queues_.empty() && queues_[0].known->too_large;
    if (done) done = ReadJobsAtEnds(context_, std::move(at_ends_), large);
    if (!done) {
      // What was half read; and an event may have been what was too large.
      for (QueueToRead& queue : queues_) queue.known->settled_ms.reset();
      return done;
    }
    for (QueueToRead& queue : queues_) {
      if (!queue.error) SetAges(*queue.snapshot, queue.known->ends);
    }
    return {};
  }

 private:
  Result<void> ReadSets() {
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      keys_.Select(queues_[q].snapshot->id);
      AskExpected(q);
    }
    if (auto done = Exchange("reading counts"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (!progress_[q].others_exist) continue;
      keys_.Select(queues_[q].snapshot->id);
      AskOtherLengths(q);
    }
    if (auto done = Exchange("reading counts"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      if (StillSettled(q)) {
        KeepAnswers(q);
      } else if (!queues_[q].error) {
        keys_.Select(queues_[q].snapshot->id);
        AskQuestions(q, Needed(q));
      }
    }
    if (auto done = Exchange("reading the ends of queues"); !done) return done;
    for (std::size_t q = 0; q < queues_.size(); ++q) Remember(q);
    return {};
  }

  // Whether something has happened; the lengths of the sets that had something, and what is asked
  // of each; whether others exist.
  void AskExpected(std::size_t q) {
    KnownQueue& known = *queues_[q].known;
    known.quiet = false;
    known.kept = false;
    if (known.settled_ms) {
      AskEventsSince(q, *known.settled_ms);
    } else if (known.events_tell) {
      AskEvents(q);
    }
    if (!known.lengths) return AskOtherLengths(q);
    std::size_t others = 0;
    const auto may_exist = [&](std::string_view key) {
      if (others == others_.size()) others_.emplace_back();
      others_[others++] = key;
    };
    QueueQuestions questions =
        QuestionsFor(known.lengths->sets, known.next_delayed_ms, context_.server_now_ms);
    if (known.settled_ms) questions &= QuestionsWithoutEvents();
    for (const JobState state : kJobStates) {
      if (known.lengths->sets[Index(state)] == 0) {
        may_exist(keys_.State(state));
      } else if (known.settled_ms && state != JobState::kWaiting) {  // of that the ends are asked
        AskLength(q, state);
        AskQuestions(q, questions, state);
      } else {
        AskSet(q, state, questions);
      }
    }
    if (others == 0) return;
    exists_.assign({"EXISTS"});
    exists_.insert(exists_.end(), others_.begin(),
                   others_.begin() + static_cast<std::ptrdiff_t>(others));
    pipeline_.Add(Route::kKey, exists_);
    asked_.push_back({q, Asked::Kind::kExists});
  }

  // The length of a set that had something, followed by what is asked of it.
  void AskSet(std::size_t q, JobState state, QueueQuestions questions) {
    const KnownQueue& known = *queues_[q].known;
    if (const auto list = WholeList(state);
        list && known.lengths->sets[Index(state)] <= kShortList) {
      Ask(q, *list, context_.server_now_ms);
      progress_[q].counted.set(Index(state));
      return;
    }
    AskLength(q, state);
    if (state == JobState::kCompleted && known.last_completed_ms && !known.completes) {
      Ask(q, QueueQuestion::kCompletedSince, *known.last_completed_ms);
    } else if (state == JobState::kFailed && known.quiet_from_ms) {
      Ask(q, QueueQuestion::kFailedSince, *known.quiet_from_ms);
    } else {
      AskQuestions(q, questions, state);
    }
  }

  void AskOtherLengths(std::size_t q) {
    for (const JobState state : kJobStates) {
      if (!progress_[q].counted[Index(state)]) AskLength(q, state);
    }
  }

  void AskLength(std::size_t q, JobState state) {
    AddLength(pipeline_, keys_, state);
    asked_.push_back({q, Asked::Kind::kLength, state});
    progress_[q].counted.set(Index(state));
  }

  void AskEvents(std::size_t q) {
    pipeline_.Add(Route::kKey, {"XLEN", keys_.Events()});
    asked_.push_back({q, Asked::Kind::kEvents});
  }

  // Costs the server some two lengths while there is none; one event is received otherwise.
  void AskEventsSince(std::size_t q, std::int64_t time_ms) {
    const std::string after = std::to_string(time_ms - kClockSlackMs);
    pipeline_.Add(Route::kKey, {"XREAD", "COUNT", "1", "STREAMS", keys_.Events(), after});
    asked_.push_back({q, Asked::Kind::kEventsSince});
  }

  [[nodiscard]] QueueQuestions Needed(std::size_t q) const {
    return QuestionsFor(progress_[q].lengths.sets, queues_[q].snapshot->next_delayed_ms,
                        context_.server_now_ms);
  }

  [[nodiscard]] bool StillSettled(std::size_t q) const {
    const KnownQueue& known = *queues_[q].known;
    return known.settled_ms && !queues_[q].error && !progress_[q].event_came &&
           known.lengths->sets == progress_[q].lengths.sets;
  }

  // What the last poll read, less what was asked again.
  void KeepAnswers(std::size_t q) {
    KnownQueue& known = *queues_[q].known;
    QueueSnapshot& queue = *queues_[q].snapshot;
    if (known.paused_marker) --queue.jobs[Index(JobState::kPaused)];
    queue.next_delayed_ms = known.next_delayed_ms;
    queue.last_completed_ms = known.last_completed_ms;
    known.quiet = known.quiet_from_ms.has_value();
    known.kept = true;
    progress_[q].lengths.events = known.lengths->events;
    progress_[q].ends.set(static_cast<std::size_t>(QueueEnd::kNextActive));
  }

  // Those that were not asked yet, of one set or of all.
  void AskQuestions(std::size_t q, QueueQuestions questions, std::optional<JobState> set = {}) {
    for (std::size_t i = 0; i < kQueueQuestions; ++i) {
      const auto question = static_cast<QueueQuestion>(i);
      if (!questions[i] || progress_[q].asked[i] || (set && SetOf(question) != *set)) continue;
      Ask(q, question, context_.server_now_ms);
    }
  }

  void Ask(std::size_t q, QueueQuestion question, std::int64_t time_ms) {
    AddQuestion(pipeline_, keys_, question, time_ms);
    asked_.push_back({q, Asked::Kind::kQuestion, SetOf(question), question});
    NeedNot(q, question);
  }

  // It was asked, or its answer is known.
  void NeedNot(std::size_t q, QueueQuestion question) {
    progress_[q].asked.set(static_cast<std::size_t>(question));
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
    switch (asked.kind) {
      case Asked::Kind::kLength:
        if (reply.is_error()) return TakeError(asked, reply);
        return TakeLength(asked.queue, asked.state, reply.integer);
      case Asked::Kind::kEvents: return TakeEvents(asked.queue, reply);
      case Asked::Kind::kEventsSince: progress_[asked.queue].event_came = !reply.is_nil(); return;
      case Asked::Kind::kExists:
        if (reply.AsInteger().value_or(1) > 0) progress_[asked.queue].others_exist = true;
        return;
      case Asked::Kind::kQuestion: return TakeAnswer(asked, reply);
    }
  }

  void TakeError(const Asked& asked, const Reply& reply) {
    QueueToRead& queue = queues_[asked.queue];
    if (queue.error) return;
    queue.error = ErrorOf(reply).In(queue_keys::State(queue.snapshot->id, asked.state));
  }

  // A queue without events, or whose events cannot be read, is asked everything each time.
  void TakeEvents(std::size_t q, const Reply& reply) {
    progress_[q].lengths.events = reply.AsInteger().value_or(0);
    queues_[q].known->events_tell = progress_[q].lengths.events > 0;
  }

  void TakeLength(std::size_t q, JobState state, std::int64_t length) {
    progress_[q].lengths.sets[Index(state)] = length;
    queues_[q].snapshot->jobs[Index(state)] = length;
  }

  // A list that was short. One that no longer is gets asked for its length and ends.
  void TakeList(const Asked& asked, const Reply& reply) {
    if (reply.is_error()) return TakeError(asked, reply);
    const auto length = static_cast<std::int64_t>(reply.elements.size());
    if (length > kShortList) {
      progress_[asked.queue].counted.reset(Index(asked.state));
      progress_[asked.queue].others_exist = true;
      return;
    }
    TakeLength(asked.queue, asked.state, length);
    const bool waiting = asked.state == JobState::kWaiting;
    NeedNot(asked.queue, waiting ? QueueQuestion::kNextWaiting : QueueQuestion::kNextActive);
    TakeEnd(asked.queue, waiting ? QueueEnd::kNextWaiting : QueueEnd::kNextActive, reply);
    if (!waiting) return;
    NeedNot(asked.queue, QueueQuestion::kLastWaiting);
    if (length > 1) TakeEnd(asked.queue, QueueEnd::kLastWaiting, reply);
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
      case QueueQuestion::kCompletedSince:
        if (queue.jobs[Index(JobState::kCompleted)] == 0 || reply.AsInteger() != 0) return;
        NeedNot(asked.queue, QueueQuestion::kLastCompleted);
        queue.last_completed_ms = queues_[asked.queue].known->last_completed_ms;
        return;
      case QueueQuestion::kFailedSince:
        queues_[asked.queue].known->quiet = reply.AsInteger() == 0;
        return;
      case QueueQuestion::kWaitingList:
      case QueueQuestion::kActiveList: return TakeList(asked, reply);
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
    if (job_id.empty()) return;
    const QueueToRead& queue = queues_[q];
    const auto index = static_cast<std::size_t>(end);
    progress_[q].ends.set(index);
    at_ends_.push_back({&queue.snapshot->id, &queue.known->ends[index], end, std::move(job_id)});
  }

  void Remember(std::size_t q) {
    QueueToRead& queue = queues_[q];
    KnownQueue& known = *queue.known;
    const Progress& progress = progress_[q];
    queue.snapshot->up = !queue.error;
    for (std::size_t end = 0; end < kQueueEnds; ++end) {
      if (!progress.ends[end]) known.ends[end] = {};
    }
    if (!known.quiet) known.quiet_from_ms.reset();
    if (!known.kept) known.settled_ms.reset();
    const auto before = std::exchange(known.lengths, std::nullopt);
    if (queue.error) return;
    known.lengths = progress.lengths;
    if (!known.kept && progress.lengths.events > 0 && before == progress.lengths &&
        context_.server_tells_time) {
      known.settled_ms = context_.server_now_ms;
    }
    known.paused_marker = queue.snapshot->jobs[Index(JobState::kPaused)] <
                          progress.lengths.sets[Index(JobState::kPaused)];
    known.next_delayed_ms = queue.snapshot->next_delayed_ms;
    known.completes = known.last_completed_ms != queue.snapshot->last_completed_ms;
    known.last_completed_ms = queue.snapshot->last_completed_ms;
    if (!progress.asked[static_cast<std::size_t>(QueueQuestion::kOverdue)]) {
      queue.snapshot->overdue_delayed = 0;
    }
  }

  const ReadContext& context_;
  std::span<QueueToRead> queues_;
  std::vector<Progress> progress_;
  queue_keys::KeySpeller keys_;           // of the queue that is asked about
  std::vector<std::string> others_;       // keys for EXISTS; the memory is kept
  std::vector<std::string_view> exists_;  // that command
  Pipeline pipeline_;
  std::vector<Asked> asked_;
  std::vector<JobAtEnd> at_ends_;
};

}  // namespace

Result<void> ReadQueues(const ReadContext& context, std::span<QueueToRead> queues) {
  return ChunkReader(context, queues).Read();
}

}  // namespace bullmq_exporter
