#include "exporter/poll/failure_poller.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kStart = 1764000000000;
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kMonth = 43'200 * kMinute;

class FailurePollerTest : public testing::Test {
 protected:
  // Polls the one queue of the server; what is found is in queue_.
  Result<void> Read(std::int64_t now_ms, std::int64_t failed) {
    queue_ = QueueSnapshot{};
    queue_.id = {"bull", "q"};
    queue_.up = true;
    queue_.jobs[Index(JobState::kFailed)] = failed;
    poller_.BeginPoll(now_ms);
    QueueRecord* const record = &record_;
    const ReadContext context{redis_, GenerousLimits(), now_ms};
    return poller_.Read(context, std::span(&record, 1), std::span(&queue_, 1));
  }
  // Returns its failures (an empty object for none).
  QueueFailures Poll(std::int64_t now_ms) {
    const std::int64_t failed = redis_.Run({"ZCARD", "bull:q:failed"}).integer;
    EXPECT_TRUE(Read(now_ms, failed));
    return queue_.failures ? *queue_.failures : QueueFailures();
  }
  void Fail(std::int64_t at_ms, const std::string& id, const std::string& reason = "Error: x") {
    redis_.Run({"ZADD", "bull:q:failed", std::to_string(at_ms), id});
    redis_.Run({"HSET", "bull:q:" + id, "name", "sync", "failedReason", reason});
  }
  static std::int64_t Count(const QueueFailures& failures) {
    std::int64_t sum = 0;
    for (const FailureCount& count : failures.recent) sum += count.count;
    return sum;
  }

  FakeRedis redis_;
  FailurePoller poller_{FailuresConfig{}, 50};
  QueueRecord record_;
  QueueSnapshot queue_;
};

TEST_F(FailurePollerTest, IsRightFromTheFirstPoll) {
  Fail(kStart - 120 * kMinute, "old");
  Fail(kStart - 30 * kMinute, "1", "Connection timed out after 3000 ms");
  Fail(kStart - 20 * kMinute, "2", "Connection timed out after 20 ms");
  const QueueFailures failures = Poll(kStart);
  ASSERT_EQ(failures.recent.size(), 1u);
  EXPECT_EQ(failures.recent[0].name, "sync");
  EXPECT_EQ(failures.recent[0].reason, "Connection timed out after <n> ms");
  EXPECT_EQ(failures.recent[0].count, 2);
  EXPECT_EQ(failures.last_failure_ms, kStart - 20 * kMinute);
  EXPECT_EQ(failures.seen_total, 0) << "they failed before we began";
}

TEST_F(FailurePollerTest, TellsALastFailureThatIsLongPast) {
  Fail(kStart - kMonth, "ancient");
  const QueueFailures failures = Poll(kStart);
  EXPECT_EQ(Count(failures), 0);
  EXPECT_EQ(failures.last_failure_ms, kStart - kMonth);
}

TEST_F(FailurePollerTest, SeesAFirstFailureByAClockThatIsBehind) {
  EXPECT_EQ(Poll(kStart).seen_total, 0);
  Fail(kStart - 50'000, "1");
  EXPECT_EQ(Poll(kStart + 5000).seen_total, 1);
}

TEST_F(FailurePollerTest, AsksNothingAboutAQueueWithoutFailures) {
  (void)Poll(kStart);
  EXPECT_TRUE(redis_.server().log().empty());
}

TEST_F(FailurePollerTest, AQuietQueueIsNotReadUntilOneFails) {
  Fail(kStart - 2 * kMinute, "1");
  (void)Poll(kStart);
  EXPECT_FALSE(record_.known.quiet_from_ms) << "it is in the window";
  EXPECT_EQ(Count(Poll(kStart + kMinute)), 1);
  ASSERT_TRUE(record_.known.quiet_from_ms) << "nothing where the next read begins";
  record_.known.quiet = true;
  redis_.server().ClearLog();
  EXPECT_EQ(Count(Poll(kStart + kMinute + 5000)), 1);
  EXPECT_TRUE(redis_.server().log().empty());
  Fail(kStart + kMinute, "2");
  record_.known.quiet = false;
  EXPECT_EQ(Count(Poll(kStart + kMinute + 10000)), 2);
  EXPECT_FALSE(record_.known.quiet_from_ms);
}

TEST_F(FailurePollerTest, AnAnswerThatWasKeptMovesNothing) {
  Fail(kStart - 2 * kMinute, "1");
  (void)Poll(kStart);
  (void)Poll(kStart + kMinute);
  const auto quiet_from_ms = record_.known.quiet_from_ms;
  ASSERT_TRUE(quiet_from_ms);
  record_.known.quiet = true;
  record_.known.kept = true;
  EXPECT_EQ(Count(Poll(kStart + 20 * kMinute)), 1);
  EXPECT_EQ(Count(Poll(kStart + 70 * kMinute)), 0) << "the window slides";
  EXPECT_EQ(record_.known.quiet_from_ms, quiet_from_ms) << "the next question asks from there";
  Fail(kStart + 12 * kMinute, "2");
  Fail(kStart + 60 * kMinute, "3");
  record_.known.quiet = false;
  record_.known.kept = false;
  EXPECT_EQ(Poll(kStart + 70 * kMinute).seen_total, 2) << "all that the window still holds";
}

TEST_F(FailurePollerTest, CountsEachFailureOnceWhateverTheWorkersClock) {
  int failed = 0;
  for (std::int64_t now = kStart; now < kStart + 10 * kMinute; now += 5000) {
    for (const std::int64_t offset : {-kMinute, std::int64_t{-7000}, std::int64_t{0}, kMinute}) {
      Fail(now + offset, "job-" + std::to_string(failed++));
    }
    EXPECT_EQ(Count(Poll(now)), failed) << "at " << now - kStart;
  }
  EXPECT_EQ(Poll(kStart + 10 * kMinute).skipped, 0);
}

TEST_F(FailurePollerTest, AFailedPollLosesNothing) {
  Fail(kStart - 1000, "1");
  redis_.server().FailNext({ErrorCode::kTimeout, "late"});
  EXPECT_FALSE(Read(kStart, 1));
  EXPECT_EQ(Count(Poll(kStart + 5000)), 1);
}

TEST_F(FailurePollerTest, AnUnreadableSetIsNotZeroFailures) {
  redis_.Run({"SET", "bull:q:failed", "x"});
  EXPECT_TRUE(Read(kStart, 1));
  EXPECT_FALSE(queue_.failures_readable);
  EXPECT_EQ(queue_.failures, nullptr);
}

TEST_F(FailurePollerTest, AQueueWithTooManyIsSampledAndTheRestCounted) {
  for (int i = 0; i < 12000; ++i) {
    Fail(kStart - 30 * kMinute + i, "job-" + std::to_string(i));
  }
  const QueueFailures first = Poll(kStart);
  EXPECT_EQ(Count(first), 5000);
  EXPECT_EQ(Count(first) + Poll(kStart + 1).skipped, 12000);
}

TEST_F(FailurePollerTest, ForgetsAQueue) {
  Fail(kStart - 1000, "1");
  EXPECT_EQ(Count(Poll(kStart)), 1);
  poller_.Forget({"bull", "q"});
  redis_.Run({"DEL", "bull:q:failed"});
  EXPECT_EQ(Count(Poll(kStart + 5000)), 0);
}

}  // namespace
}  // namespace bullmq_exporter
