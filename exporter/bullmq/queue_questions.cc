#include "exporter/bullmq/queue_questions.h"

#include <limits>
#include <string>

#include "exporter/bullmq/score.h"

namespace bullmq_exporter {
namespace {

struct Form {
  JobState set;
  std::int64_t least_length;  // below it there is nothing to ask
  std::string_view command;
  std::string_view first;
  std::string_view last;
  bool with_score = false;
};

// Of questions that are asked on other grounds than a length.
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// The index of the element that a short list does not have.
constexpr std::string_view kBeyondShortList = "8";
static_assert(kShortList == 8);

// By QueueQuestion. What is counted since a time begins with `first` before the time.
constexpr std::array<Form, kQueueQuestions> kForms = {{
    {JobState::kWaiting, 1, "LRANGE", "-2", "-1"},
    {JobState::kWaiting, 2, "LRANGE", "0", "1"},
    {JobState::kPrioritized, 1, "ZRANGE", "0", "0"},
    {JobState::kPrioritized, 2, "ZRANGE", "-1", "-1"},
    {JobState::kActive, 1, "LRANGE", "-2", "-1"},
    {JobState::kPaused, 1, "LRANGE", "-1", "-1"},
    {JobState::kDelayed, 1, "ZRANGE", "0", "0", true},
    {JobState::kDelayed, 1, "ZCOUNT", "-inf", {}},
    {JobState::kCompleted, 1, "ZREVRANGE", "0", "0", true},
    {JobState::kWaiting, kNever, "LRANGE", "0", kBeyondShortList},
    {JobState::kActive, kNever, "LRANGE", "0", kBeyondShortList},
    {JobState::kCompleted, kNever, "ZCOUNT", "(", "+inf"},
    {JobState::kFailed, kNever, "ZCOUNT", {}, "+inf"},
}};

const Form& FormOf(QueueQuestion question) { return kForms[static_cast<std::size_t>(question)]; }

}  // namespace

JobState SetOf(QueueQuestion question) { return FormOf(question).set; }

QueueQuestions QuestionsFor(const SetLengths& lengths, std::optional<std::int64_t> next_delayed_ms,
                            std::int64_t now_ms) {
  QueueQuestions questions;
  for (std::size_t i = 0; i < kQueueQuestions; ++i) {
    questions[i] = lengths[Index(kForms[i].set)] >= kForms[i].least_length;
  }
  if (next_delayed_ms && *next_delayed_ms >= now_ms) {
    questions.reset(static_cast<std::size_t>(QueueQuestion::kOverdue));
  }
  return questions;
}

QueueQuestions QuestionsWithoutEvents() {
  QueueQuestions questions;
  for (const QueueQuestion question :
       {QueueQuestion::kOverdue, QueueQuestion::kNextWaiting, QueueQuestion::kLastWaiting,
        QueueQuestion::kFirstPrioritized, QueueQuestion::kLastPrioritized}) {
    questions.set(static_cast<std::size_t>(question));
  }
  return questions;
}

void AddLength(Pipeline& pipeline, queue_keys::KeySpeller& keys, JobState state) {
  pipeline.Add(Route::kKey, {queue_keys::IsList(state) ? "LLEN" : "ZCARD", keys.State(state)});
}

void AddQuestion(Pipeline& pipeline, queue_keys::KeySpeller& keys, QueueQuestion question,
                 std::int64_t time_ms) {
  const Form& form = FormOf(question);
  const std::string_view key = keys.State(form.set);
  if (question == QueueQuestion::kOverdue) {
    const std::string until = std::string("(").append(std::to_string(time_ms * kDelayedScale));
    pipeline.Add(Route::kKey, {form.command, key, form.first, until});
  } else if (question == QueueQuestion::kCompletedSince ||
             question == QueueQuestion::kFailedSince) {
    const std::string since = std::string(form.first).append(std::to_string(time_ms));
    pipeline.Add(Route::kKey, {form.command, key, since, form.last});
  } else if (form.with_score) {
    pipeline.Add(Route::kKey, {form.command, key, form.first, form.last, "WITHSCORES"});
  } else {
    pipeline.Add(Route::kKey, {form.command, key, form.first, form.last});
  }
}

}  // namespace bullmq_exporter
