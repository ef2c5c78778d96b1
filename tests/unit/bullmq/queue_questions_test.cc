#include "exporter/bullmq/queue_questions.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kNow = 1764000000000;

SetLengths Lengths(std::int64_t each) {
  SetLengths lengths;
  lengths.fill(each);
  return lengths;
}

std::string Sent(QueueQuestion question) {
  Pipeline pipeline;
  queue_keys::KeySpeller keys;
  keys.Select({"bull", "q"});
  AddQuestion(pipeline, keys, question, kNow);
  std::string words;
  for (const std::string_view word : pipeline.Args(0)) {
    words.append(words.empty() ? "" : " ").append(word);
  }
  return words;
}

TEST(QueueQuestions, NothingIsAskedOfEmptySets) {
  EXPECT_TRUE(QuestionsFor(Lengths(0), std::nullopt, kNow).none());
}

TEST(QueueQuestions, OneElementHasOneEnd) {
  const QueueQuestions questions = QuestionsFor(Lengths(1), std::nullopt, kNow);
  EXPECT_FALSE(questions[static_cast<std::size_t>(QueueQuestion::kLastWaiting)]);
  EXPECT_FALSE(questions[static_cast<std::size_t>(QueueQuestion::kLastPrioritized)]);
  EXPECT_EQ(questions.count(), 7u);
  EXPECT_EQ(QuestionsFor(Lengths(2), std::nullopt, kNow).count(), 9u);
}

TEST(QueueQuestions, OverdueJobsAreCountedWhereTheFirstIsDue) {
  const auto asks = [](std::optional<std::int64_t> next_delayed_ms) {
    const QueueQuestions questions = QuestionsFor(Lengths(1), next_delayed_ms, kNow);
    return questions[static_cast<std::size_t>(QueueQuestion::kOverdue)];
  };
  EXPECT_TRUE(asks(std::nullopt));
  EXPECT_TRUE(asks(kNow - 1));
  EXPECT_FALSE(asks(kNow));
  EXPECT_FALSE(asks(kNow + 1));
}

TEST(QueueQuestions, Commands) {
  EXPECT_EQ(Sent(QueueQuestion::kNextWaiting), "LRANGE bull:q:wait -2 -1");
  EXPECT_EQ(Sent(QueueQuestion::kLastWaiting), "LRANGE bull:q:wait 0 1");
  EXPECT_EQ(Sent(QueueQuestion::kNextActive), "LRANGE bull:q:active -2 -1");
  EXPECT_EQ(Sent(QueueQuestion::kFirstPrioritized), "ZRANGE bull:q:prioritized 0 0");
  EXPECT_EQ(Sent(QueueQuestion::kLastPrioritized), "ZRANGE bull:q:prioritized -1 -1");
  EXPECT_EQ(Sent(QueueQuestion::kPausedMarker), "LRANGE bull:q:paused -1 -1");
  EXPECT_EQ(Sent(QueueQuestion::kNextDelayed), "ZRANGE bull:q:delayed 0 0 WITHSCORES");
  EXPECT_EQ(Sent(QueueQuestion::kOverdue), "ZCOUNT bull:q:delayed -inf (7225344000000000");
  EXPECT_EQ(Sent(QueueQuestion::kLastCompleted), "ZREVRANGE bull:q:completed 0 0 WITHSCORES");
  EXPECT_EQ(Sent(QueueQuestion::kWaitingList), "LRANGE bull:q:wait 0 8");
  EXPECT_EQ(Sent(QueueQuestion::kActiveList), "LRANGE bull:q:active 0 8");
  EXPECT_EQ(Sent(QueueQuestion::kCompletedSince), "ZCOUNT bull:q:completed (1764000000000 +inf");
  EXPECT_EQ(Sent(QueueQuestion::kFailedSince), "ZCOUNT bull:q:failed 1764000000000 +inf");
}

}  // namespace
}  // namespace bullmq_exporter
