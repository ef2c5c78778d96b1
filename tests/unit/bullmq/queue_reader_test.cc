#include "exporter/bullmq/queue_reader.h"

#include <gtest/gtest.h>

#include "tests/unit/bullmq/queue_reader_fixture.h"

namespace bullmq_exporter {
namespace {

TEST_F(QueueReaderTest, AQueueWithoutKeysIsAllZeros) {
  const QueueSnapshot queue = Read();
  EXPECT_TRUE(queue.up);
  for (const JobState state : kJobStates) EXPECT_EQ(Jobs(queue, state), 0);
  EXPECT_EQ(queue.oldest_waiting_ms, std::nullopt);
  EXPECT_EQ(queue.next_delayed_ms, std::nullopt);
  EXPECT_EQ(queue.overdue_delayed, 0);
}

TEST_F(QueueReaderTest, CountsEveryState) {
  redis_.Run({"RPUSH", "bull:q:wait", "3", "2", "1"});
  redis_.Run({"RPUSH", "bull:q:active", "4"});
  redis_.Run({"RPUSH", "bull:q:paused", "5", "6"});
  redis_.Run({"ZADD", "bull:q:prioritized", "1", "7"});
  redis_.Run({"ZADD", "bull:q:delayed", "1", "8", "2", "9"});
  redis_.Run({"ZADD", "bull:q:waiting-children", "1", "10"});
  redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "11", "1763000000000", "12"});
  redis_.Run({"ZADD", "bull:q:failed", "1", "13"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(queue.jobs, (std::array<std::int64_t, 8>{3, 1, 2, 1, 1, 2, 2, 1}));
  EXPECT_EQ(queue.last_completed_ms, 1764000000001);
}

TEST_F(QueueReaderTest, AMarkerAtTheRightEndIsNotCounted) {
  redis_.Run({"RPUSH", "bull:q:wait", "2", "1", "0:1764000000000"});
  redis_.Run({"RPUSH", "bull:q:paused", "0:0"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "500"});
  redis_.Run({"HSET", "bull:q:2", "timestamp", "900"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 2);
  EXPECT_EQ(Jobs(queue, JobState::kPaused), 0);
  EXPECT_EQ(queue.oldest_waiting_ms, 500) << "the job before the marker";
}

TEST_F(QueueReaderTest, AMarkerInTheMiddleIsCountedAsBullmqDoesAndHasNoAge) {
  redis_.Run({"RPUSH", "bull:q:wait", "0:1", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "500"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 2);
  EXPECT_EQ(queue.oldest_waiting_ms, 500);
}

TEST_F(QueueReaderTest, OldestWaitingIsTheEarliestOfAllEnds) {
  redis_.Run({"RPUSH", "bull:q:wait", "1", "2", "3"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "700"});
  redis_.Run({"HSET", "bull:q:3", "timestamp", "600"});
  redis_.Run({"ZADD", "bull:q:prioritized", "1", "4", "2", "5", "3", "6"});
  redis_.Run({"HSET", "bull:q:4", "timestamp", "900"});
  redis_.Run({"HSET", "bull:q:6", "timestamp", "550"});
  EXPECT_EQ(Read().oldest_waiting_ms, 550);
}

TEST_F(QueueReaderTest, ADelayedJobIsReadyWhenItsDelayIsOver) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000", "delay", "0", "opts", R"({"delay":5000})"});
  EXPECT_EQ(Read().oldest_waiting_ms, 6000);
}

TEST_F(QueueReaderTest, AnAttemptedJobCountsFromItsAttempt) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000", "atm", "1", "processedOn", "4000"});
  EXPECT_EQ(Read().oldest_waiting_ms, 4000);
  redis_.Run({"HDEL", "bull:q:1", "processedOn"});
  known_ = {};
  EXPECT_EQ(Read().oldest_waiting_ms, std::nullopt) << "when it came back stands nowhere";
}

TEST_F(QueueReaderTest, DuesOfDelayedJobs) {
  const auto score = [](std::int64_t due_ms) { return std::to_string(due_ms * 4096 + 7); };
  redis_.Run({"ZADD", "bull:q:delayed", score(kNow - 2000), "1", score(kNow - 1), "2", score(kNow),
              "3", score(kNow + 5000), "4"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(queue.next_delayed_ms, kNow - 2000);
  EXPECT_EQ(queue.overdue_delayed, 2);
}

TEST_F(QueueReaderTest, OldestActiveIsTheRightEnd) {
  redis_.Run({"RPUSH", "bull:q:active", "2", "1"});
  redis_.Run({"HSET", "bull:q:1", "processedOn", "123", "timestamp", "1"});
  redis_.Run({"HSET", "bull:q:2", "processedOn", "456", "timestamp", "1"});
  EXPECT_EQ(Read().oldest_active_ms, 123);
}

TEST_F(QueueReaderTest, AJobThatStaysAtItsEndIsReadOnce) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
  EXPECT_EQ(Read().oldest_waiting_ms, 1000);
  redis_.server().ClearLog();
  EXPECT_EQ(Read().oldest_waiting_ms, 1000);
  EXPECT_EQ(CommandsNamed("HMGET"), 0u);
  redis_.Run({"RPUSH", "bull:q:wait", "2"});
  redis_.Run({"HSET", "bull:q:2", "timestamp", "800"});
  EXPECT_EQ(Read().oldest_waiting_ms, 800);
  redis_.Run({"DEL", "bull:q:wait"});
  EXPECT_EQ(Read().oldest_waiting_ms, std::nullopt);
}

TEST_F(QueueReaderTest, AKnownQueueCostsFewCommandsAndOnePipeline) {
  redis_.Run({"RPUSH", "bull:q:wait", "1", "2"});
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow + 5000) * 4096), "3"});
  redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "4"});
  const QueueSnapshot first = Read();
  redis_.server().ClearLog();
  const QueueSnapshot second = Read();
  EXPECT_EQ(second.jobs, first.jobs);
  EXPECT_EQ(second.next_delayed_ms, first.next_delayed_ms);
  EXPECT_EQ(second.last_completed_ms, first.last_completed_ms);
  EXPECT_EQ(second.overdue_delayed, 0);
  EXPECT_EQ(CommandsNamed("EXISTS"), 1u) << "the five sets that were empty";
  EXPECT_EQ(CommandsNamed("ZCOUNT"), 0u) << "nothing is due";
  EXPECT_EQ(redis_.server().log().size(), 6u);
}

TEST_F(QueueReaderTest, AShortListIsReadWholeUntilItIsLong) {
  redis_.Run({"RPUSH", "bull:q:wait", "2", "1"});
  redis_.Run({"RPUSH", "bull:q:active", "3"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
  redis_.Run({"HSET", "bull:q:3", "timestamp", "1", "processedOn", "500"});
  (void)Read();
  redis_.server().ClearLog();
  EXPECT_EQ(Read().oldest_waiting_ms, 1000);
  EXPECT_EQ(CommandsNamed("LLEN"), 0u);
  EXPECT_EQ(CommandsNamed("LRANGE"), 2u);
  for (int id = 10; id < 17; ++id) redis_.Run({"LPUSH", "bull:q:wait", std::to_string(id)});
  redis_.Run({"HSET", "bull:q:16", "timestamp", "700"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 9) << "one more than is read whole";
  EXPECT_EQ(Jobs(queue, JobState::kActive), 1);
  EXPECT_EQ(queue.oldest_waiting_ms, 700) << "the left end";
  EXPECT_EQ(queue.oldest_active_ms, 500);
  redis_.server().ClearLog();
  EXPECT_EQ(Read().jobs, queue.jobs);
  EXPECT_EQ(CommandsNamed("LLEN"), 1u);
}

TEST_F(QueueReaderTest, AMarkerInAShortListIsNotCounted) {
  redis_.Run({"RPUSH", "bull:q:wait", "2", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "500"});
  redis_.Run({"HSET", "bull:q:2", "timestamp", "900"});
  (void)Read();
  redis_.Run({"RPUSH", "bull:q:wait", "0:1764000000000"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 2);
  EXPECT_EQ(queue.oldest_waiting_ms, 500);
}

TEST_F(QueueReaderTest, AShortListThatBecomesAnotherTypeMakesTheQueueUnreadable) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  EXPECT_TRUE(Read().up);
  redis_.Run({"DEL", "bull:q:wait"});
  redis_.Run({"SET", "bull:q:wait", "x"});
  EXPECT_FALSE(Read().up);
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->code, ErrorCode::kWrongType);
  redis_.Run({"DEL", "bull:q:wait"});
  EXPECT_TRUE(Read().up);
}

TEST_F(QueueReaderTest, TheLastCompletionIsReadWhenThereIsALaterOne) {
  redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "1"});
  for (int poll = 0; poll < 3; ++poll) EXPECT_EQ(Read().last_completed_ms, 1764000000001);
  redis_.server().ClearLog();
  EXPECT_EQ(Read().last_completed_ms, 1764000000001);
  EXPECT_EQ(CommandsNamed("ZREVRANGE"), 0u) << "none is later";
  redis_.Run({"ZADD", "bull:q:completed", "1764000000002", "1"});
  EXPECT_EQ(Read().last_completed_ms, 1764000000002) << "the same job once more";
  EXPECT_EQ(CommandsNamed("ZREVRANGE"), 1u);
  redis_.Run({"ZADD", "bull:q:completed", "1763000000000", "2"});
  EXPECT_EQ(Read().last_completed_ms, 1764000000002);
}

TEST_F(QueueReaderTest, TheLastCompletedJobMayBeRemoved) {
  redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "1", "1764000000002", "2"});
  for (int poll = 0; poll < 3; ++poll) EXPECT_EQ(Read().last_completed_ms, 1764000000002);
  redis_.Run({"ZREM", "bull:q:completed", "2"});
  EXPECT_EQ(Read().last_completed_ms, 1764000000002) << "it did complete then";
  known_.ForgetJobs();
  EXPECT_EQ(Read().last_completed_ms, 1764000000001);
  redis_.Run({"DEL", "bull:q:completed"});
  EXPECT_EQ(Read().last_completed_ms, std::nullopt);
}

TEST_F(QueueReaderTest, WhetherNothingFailedIsAskedBesideTheCount) {
  redis_.Run({"ZADD", "bull:q:failed", "1764000000001", "1"});
  (void)Read();
  EXPECT_FALSE(known_.quiet) << "nobody asked";
  known_.quiet_from_ms = 1764000000002;
  (void)Read();
  EXPECT_TRUE(known_.quiet);
  redis_.Run({"ZADD", "bull:q:failed", "1764000000002", "2"});
  (void)Read();
  EXPECT_FALSE(known_.quiet);
}

TEST_F(QueueReaderTest, SetsThatWereEmptyAreSeenWhenTheyFill) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
  EXPECT_EQ(Read().oldest_waiting_ms, 1000);
  redis_.Run({"RPUSH", "bull:q:wait", "2"});
  redis_.Run({"LPUSH", "bull:q:wait", "3"});
  redis_.Run({"HSET", "bull:q:3", "timestamp", "700"});
  redis_.Run({"RPUSH", "bull:q:active", "4"});
  redis_.Run({"HSET", "bull:q:4", "processedOn", "500", "timestamp", "1"});
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow - 2000) * 4096), "5"});
  redis_.Run({"RPUSH", "bull:q:paused", "6", "0:0"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(queue.jobs, (std::array<std::int64_t, 8>{3, 1, 1, 0, 0, 1, 0, 0}));
  EXPECT_EQ(queue.oldest_waiting_ms, 700) << "the left end, where nothing was asked before";
  EXPECT_EQ(queue.oldest_active_ms, 500);
  EXPECT_EQ(queue.next_delayed_ms, kNow - 2000);
  EXPECT_EQ(queue.overdue_delayed, 1);
}

TEST_F(QueueReaderTest, SetsThatHadJobsAreSeenWhenTheyAreEmpty) {
  redis_.Run({"RPUSH", "bull:q:wait", "1", "2"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow - 2000) * 4096), "5"});
  redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "4"});
  EXPECT_EQ(Read().overdue_delayed, 1);
  redis_.Run({"DEL", "bull:q:wait", "bull:q:delayed", "bull:q:completed"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(queue.jobs, (std::array<std::int64_t, 8>{}));
  EXPECT_EQ(queue.oldest_waiting_ms, std::nullopt);
  EXPECT_EQ(queue.next_delayed_ms, std::nullopt);
  EXPECT_EQ(queue.overdue_delayed, 0);
  EXPECT_EQ(queue.last_completed_ms, std::nullopt);
}

TEST_F(QueueReaderTest, ADelayedJobThatFallsDueIsOverdueInTheNextPoll) {
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow + 10) * 4096), "1"});
  EXPECT_EQ(Read().overdue_delayed, 0);
  now_ms_ = kNow + 10;
  EXPECT_EQ(Read().overdue_delayed, 0) << "due at this very moment";
  now_ms_ = kNow + 11;
  EXPECT_EQ(Read().overdue_delayed, 1);
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow + 5) * 4096), "2"});
  EXPECT_EQ(Read().overdue_delayed, 2);
}

TEST_F(QueueReaderTest, AWrongTypeInASetThatWasEmptyMakesTheQueueUnreadable) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  EXPECT_TRUE(Read().up);
  redis_.Run({"HSET", "bull:q:active", "name", "a job whose id is 'active'"});
  EXPECT_FALSE(Read().up);
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->code, ErrorCode::kWrongType);
  redis_.Run({"DEL", "bull:q:active"});
  EXPECT_TRUE(Read().up);
}

TEST_F(QueueReaderTest, AStateKeyOfTheWrongTypeMakesTheQueueUnreadable) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:active", "name", "a job whose id is 'active'"});
  EXPECT_FALSE(Read().up);
  ASSERT_TRUE(error_);
  EXPECT_EQ(error_->code, ErrorCode::kWrongType);
  EXPECT_NE(error_->message.find("bull:q:active"), std::string::npos) << error_->message;
}

TEST_F(QueueReaderTest, AJobsHashOfTheWrongTypeTakesItsAgeAlone) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"SET", "bull:q:1", "no hash"});
  const QueueSnapshot queue = Read();
  EXPECT_TRUE(queue.up);
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 1);
  EXPECT_EQ(queue.oldest_waiting_ms, std::nullopt);
}

TEST_F(QueueReaderTest, AnAgeThatWasHalfReadIsReadAgain) {
  redis_.Run({"RPUSH", "bull:q:wait", "1"});
  redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
  const auto done = ReadWithin(60);  // enough for the counts and the ends, not for the hash
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Read().oldest_waiting_ms, 1000);
}

}  // namespace
}  // namespace bullmq_exporter
