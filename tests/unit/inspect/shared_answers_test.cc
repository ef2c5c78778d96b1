#include "exporter/inspect/shared_answers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <new>
#include <thread>
#include <vector>

namespace bullmq_exporter {
namespace {

SteadyClock::time_point InAMinute() { return SteadyClock::now() + std::chrono::minutes(1); }

InspectionResult Answer(const std::string& text) {
  return std::make_shared<const std::string>(text);
}

InspectionError Expired() { return {InspectionError::Kind::kUnavailable, "expired"}; }

std::string TextOf(const InspectionResult& answer) {
  return answer ? **answer : "error: " + answer.error().message;
}

// A reading that lasts until it is let go.
class Gate {
 public:
  InspectionResult Read(const std::string& text) {
    entered_.set_value();
    released_.get_future().wait();
    return Answer(text);
  }
  void WaitUntilEntered() { entered_.get_future().wait(); }
  void Release() { released_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> released_;
};

TEST(SharedAnswersTest, OneAskerReadsAndNothingStays) {
  SharedAnswers answers;
  EXPECT_EQ(TextOf(answers.Get("q", InAMinute(), [] { return Answer("a"); }, Expired)), "a");
  EXPECT_EQ(TextOf(answers.Get("q", InAMinute(), [] { return Answer("b"); }, Expired)), "b");
  EXPECT_EQ(TextOf(answers.Get(
                "q", InAMinute(),
                [] { return InspectionResult(tl::make_unexpected(QueueNotFound("q"))); }, Expired)),
            "error: Queue q not found");
  EXPECT_EQ(answers.size(), 0u);
}

// Who comes while one is being read must not be given that one: it may have been read before.
TEST(SharedAnswersTest, ThoseWhoComeMeanwhileShareTheNextReading) {
  SharedAnswers answers;
  Gate gate;
  std::atomic<int> readings = 0;
  std::vector<std::thread> threads;
  std::string first;
  threads.emplace_back([&] {
    first = TextOf(answers.Get("q", InAMinute(), [&] { return gate.Read("old"); }, Expired));
  });
  gate.WaitUntilEntered();
  constexpr int kLater = 5;
  std::vector<std::string> later(kLater);
  std::atomic<int> asking = 0;
  for (int i = 0; i < kLater; ++i) {
    threads.emplace_back([&, i] {
      ++asking;
      later[static_cast<std::size_t>(i)] = TextOf(answers.Get(
          "q", InAMinute(),
          [&] {
            ++readings;
            return Answer("new");
          },
          Expired));
    });
  }
  while (asking < kLater) std::this_thread::yield();
  gate.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(first, "old");
  for (const std::string& text : later) EXPECT_EQ(text, "new");
  EXPECT_GE(readings, 1);
  EXPECT_EQ(answers.size(), 0u);
}

TEST(SharedAnswersTest, OtherQuestionsDoNotWait) {
  SharedAnswers answers;
  Gate gate;
  std::thread slow([&] {
    EXPECT_EQ(
        TextOf(answers.Get("slow", InAMinute(), [&] { return gate.Read("s"); }, Expired)), "s");
  });
  gate.WaitUntilEntered();
  EXPECT_EQ(TextOf(answers.Get("quick", InAMinute(), [] { return Answer("q"); }, Expired)), "q");
  EXPECT_EQ(answers.size(), 1u);
  gate.Release();
  slow.join();
}

TEST(SharedAnswersTest, NobodyWaitsBeyondItsDeadline) {
  SharedAnswers answers;
  Gate gate;
  std::thread slow([&] {
    EXPECT_EQ(TextOf(answers.Get("q", InAMinute(), [&] { return gate.Read("s"); }, Expired)), "s");
  });
  gate.WaitUntilEntered();
  EXPECT_EQ(TextOf(answers.Get(
                "q", SteadyClock::now() + std::chrono::milliseconds(20),
                [] { return Answer("never"); }, Expired)),
            "error: expired");
  gate.Release();
  slow.join();
  EXPECT_EQ(answers.size(), 0u);
}

// Memory may give out while an answer is made; the question must not stay behind as being read.
TEST(SharedAnswersTest, AReadingThatThrowsIsNoneToWaitFor) {
  SharedAnswers answers;
  const SharedAnswers::Read fail = []() -> InspectionResult { throw std::bad_alloc(); };
  EXPECT_THROW((void)answers.Get("q", InAMinute(), fail, Expired), std::bad_alloc);
  EXPECT_EQ(answers.size(), 0u);
}

// Every answer is read after it was asked for, whatever the threads do.
TEST(SharedAnswersTest, AnswersAreNeverOlderThanTheQuestion) {
  SharedAnswers answers;
  std::atomic<long> clock = 0;
  std::atomic<long> readings = 0;
  std::atomic<int> stale = 0;
  constexpr int kThreads = 6;
  constexpr int kEach = 3000;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const long asked = ++clock;
        const auto answer = answers.Get(
            t % 3 == 0 ? "a" : "b", InAMinute(),
            [&] {
              ++readings;
              return Answer(std::to_string(++clock));
            },
            Expired);
        if (std::stol(TextOf(answer)) < asked) ++stale;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stale, 0);
  EXPECT_LE(readings, kThreads * kEach);
  EXPECT_EQ(answers.size(), 0u);
}

}  // namespace
}  // namespace bullmq_exporter
