#include <gtest/gtest.h>

#include "exporter/bullmq/queue_reader.h"
#include "tests/unit/bullmq/queue_reader_fixture.h"

namespace bullmq_exporter {
namespace {

// Events of a queue tell that what lies behind its lengths is as it was.
class SettledQueueTest : public QueueReaderTest {
 protected:
  SettledQueueTest() {
    redis_.server().SetTimeMs(kNow - 5000);
    for (int event = 0; event < 3; ++event) Event();
    redis_.server().SetTimeMs(kNow + 1);
    redis_.Run({"RPUSH", "bull:q:wait", "2", "1", "0:1764000000000"});
    redis_.Run({"RPUSH", "bull:q:active", "3"});
    redis_.Run({"RPUSH", "bull:q:paused", "0:0"});
    redis_.Run({"ZADD", "bull:q:prioritized", "1", "5"});
    redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow + 5000) * 4096), "6"});
    redis_.Run({"ZADD", "bull:q:completed", "1764000000001", "7"});
    redis_.Run({"ZADD", "bull:q:failed", "1764000000001", "8"});
    redis_.Run({"HSET", "bull:q:1", "timestamp", "1000"});
    redis_.Run({"HSET", "bull:q:2", "timestamp", "700"});
    redis_.Run({"HSET", "bull:q:3", "timestamp", "1", "processedOn", "500"});
    redis_.Run({"HSET", "bull:q:5", "timestamp", "800"});
    first_ = Read();
    known_.quiet_from_ms = kNow + 2;
    (void)Read();
    EXPECT_TRUE(known_.settled_ms);
    redis_.server().ClearLog();
  }

  void Event() { redis_.Run({"XADD", "bull:q:events", "MAXLEN", "~", "3", "*", "event", "some"}); }
  std::size_t Commands() { return redis_.server().log().size(); }

  QueueSnapshot first_;
};

TEST_F(SettledQueueTest, IsAskedForItsLengthsAndWhereJobsWait) {
  const QueueSnapshot queue = Read();
  EXPECT_EQ(queue.jobs, first_.jobs);
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 2) << "without the marker";
  EXPECT_EQ(Jobs(queue, JobState::kPaused), 0) << "without the marker";
  EXPECT_EQ(queue.oldest_waiting_ms, 700);
  EXPECT_EQ(queue.oldest_active_ms, 500);
  EXPECT_EQ(queue.next_delayed_ms, kNow + 5000);
  EXPECT_EQ(queue.overdue_delayed, 0);
  EXPECT_EQ(queue.last_completed_ms, 1764000000001);
  EXPECT_TRUE(known_.quiet);
  EXPECT_EQ(CommandsNamed("XREAD"), 1u);
  EXPECT_EQ(CommandsNamed("LLEN"), 2u);
  EXPECT_EQ(CommandsNamed("LRANGE"), 1u) << "the whole list that jobs wait in";
  EXPECT_EQ(CommandsNamed("ZCARD"), 4u);
  EXPECT_EQ(CommandsNamed("EXISTS"), 1u);
  EXPECT_EQ(CommandsNamed("ZRANGE"), 1u) << "a change of priorities writes no event";
  EXPECT_EQ(Commands(), 10u);
  redis_.server().ClearLog();
  EXPECT_EQ(Read().oldest_waiting_ms, 700);
  EXPECT_EQ(Commands(), 10u) << "and so on";
}

TEST_F(SettledQueueTest, IsReadAgainAfterAnEvent) {
  redis_.Run({"DEL", "bull:q:active"});
  redis_.Run({"RPUSH", "bull:q:active", "4"});
  redis_.Run({"HSET", "bull:q:4", "timestamp", "1", "processedOn", "600"});
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow + 6000) * 4096), "6"});
  redis_.Run({"ZADD", "bull:q:completed", "1764000000002", "7"});
  redis_.Run({"ZADD", "bull:q:failed", std::to_string(kNow + 2), "8"});
  Event();
  for (int poll = 0; poll < 4; ++poll) {
    const QueueSnapshot queue = Read();
    EXPECT_EQ(queue.oldest_active_ms, 600) << poll;
    EXPECT_EQ(queue.next_delayed_ms, kNow + 6000) << poll;
    EXPECT_EQ(queue.last_completed_ms, 1764000000002) << poll;
    EXPECT_FALSE(known_.quiet) << poll;
    EXPECT_FALSE(known_.quiet_from_ms) << poll;
  }
}

TEST_F(SettledQueueTest, IsReadAgainWhenALengthChangesWithoutAnEvent) {
  redis_.Run({"DEL", "bull:q:wait"});
  redis_.Run({"RPUSH", "bull:q:wait", "2", "1"});
  redis_.Run({"RPUSH", "bull:q:active", "4"});
  redis_.Run({"HSET", "bull:q:4", "timestamp", "1", "processedOn", "400"});
  const QueueSnapshot queue = Read();
  EXPECT_EQ(Jobs(queue, JobState::kWaiting), 2) << "the marker is gone";
  EXPECT_EQ(Jobs(queue, JobState::kActive), 2);
  EXPECT_EQ(queue.oldest_active_ms, 400);
}

TEST_F(SettledQueueTest, IsReadAgainWhenASetFillsThatWasEmpty) {
  redis_.Run({"ZADD", "bull:q:waiting-children", "1", "10"});
  EXPECT_EQ(Jobs(Read(), JobState::kWaitingChildren), 1);
  EXPECT_EQ(Jobs(Read(), JobState::kWaitingChildren), 1);
}

TEST_F(SettledQueueTest, PrioritiesAndDuesChangeWithoutAnEvent) {
  redis_.Run({"DEL", "bull:q:wait"});
  redis_.Run({"RPUSH", "bull:q:wait", "1", "11", "0:1764000000000"});
  redis_.Run({"HSET", "bull:q:11", "timestamp", "400"});
  EXPECT_EQ(Read().oldest_waiting_ms, 400);
  redis_.Run({"ZREM", "bull:q:prioritized", "5"});
  redis_.Run({"ZADD", "bull:q:prioritized", "1", "9"});
  redis_.Run({"HSET", "bull:q:9", "timestamp", "300"});
  EXPECT_EQ(Read().oldest_waiting_ms, 300);
  now_ms_ = kNow + 5001;
  EXPECT_EQ(Read().overdue_delayed, 1);
  EXPECT_EQ(Read().overdue_delayed, 1);
}

TEST_F(SettledQueueTest, IsReadAgainWhenItsJobsAreForgotten) {
  redis_.Run({"DEL", "bull:q:active"});
  redis_.Run({"RPUSH", "bull:q:active", "4"});
  redis_.Run({"HSET", "bull:q:4", "timestamp", "1", "processedOn", "600"});
  EXPECT_EQ(Read().oldest_active_ms, 500) << "by hand, and nothing told of it";
  known_.ForgetJobs();
  EXPECT_EQ(Read().oldest_active_ms, 600);
}

TEST_F(SettledQueueTest, IsReadAgainWhereItsEventsCannotBeRead) {
  redis_.Run({"DEL", "bull:q:events"});
  redis_.Run({"SET", "bull:q:events", "x"});
  for (int poll = 0; poll < 3; ++poll) {
    EXPECT_TRUE(Read().up);
    EXPECT_FALSE(known_.settled_ms);
  }
  redis_.server().ClearLog();
  (void)Read();
  EXPECT_EQ(CommandsNamed("XLEN"), 0u) << "until its jobs are forgotten";
  redis_.Run({"DEL", "bull:q:events"});
  Event();
  known_.ForgetJobs();
  for (int poll = 0; poll < 2; ++poll) (void)Read();
  EXPECT_TRUE(known_.settled_ms);
}

TEST_F(SettledQueueTest, IsNotKnownWithoutEvents) {
  known_ = {};
  redis_.Run({"DEL", "bull:q:events"});
  for (int poll = 0; poll < 4; ++poll) {
    (void)Read();
    EXPECT_FALSE(known_.settled_ms);
  }
  EXPECT_EQ(CommandsNamed("XLEN"), 1u) << "until its jobs are forgotten";
}

TEST_F(SettledQueueTest, IsNotKnownWhereTheServerTellsNoTime) {
  known_ = {};
  server_tells_time_ = false;
  for (int poll = 0; poll < 4; ++poll) {
    (void)Read();
    EXPECT_FALSE(known_.settled_ms);
  }
}

TEST_F(SettledQueueTest, IsReadWithoutItsEventsWhenOneIsTooLarge) {
  redis_.Run({"XADD", "bull:q:events", "*", "returnvalue", std::string(4000, 'x')});
  EXPECT_FALSE(ReadWithin(3000));
  for (int poll = 0; poll < 2; ++poll) EXPECT_TRUE(ReadWithin(3000)) << poll;
  EXPECT_EQ(Read().oldest_active_ms, 500);
}

TEST_F(SettledQueueTest, IsReadAgainAfterAPollThatFailed) {
  known_.ForgetJobs();
  redis_.Run({"HSET", "bull:q:3", "processedOn", std::string(4000, '5')});
  const auto done = ReadWithin(2000);  // enough for the lengths and the ends, not for the hash
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kTooLarge);
  redis_.Run({"HSET", "bull:q:3", "processedOn", "500"});
  EXPECT_EQ(Read().oldest_active_ms, 500);
}

}  // namespace
}  // namespace bullmq_exporter
