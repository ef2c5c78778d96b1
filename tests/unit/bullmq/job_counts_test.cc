#include "exporter/bullmq/job_counts.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

const QueueId kQueue{"bull", "q"};

Result<CountedJobs> Count(FakeRedis& redis) {
  Pipeline pipeline;
  pipeline.Add(Route::kAnyNode, {"PING"});
  const std::size_t first = AddJobCounts(pipeline, kQueue);
  EXPECT_EQ(first, 1u);
  const std::size_t behind = pipeline.Add(Route::kAnyNode, {"PING"});
  const auto replies = redis.Execute(pipeline, GenerousLimits());
  if (!replies) return Fail(replies.error());
  auto counted = TakeJobCounts(*replies, first);
  if (counted) {
    EXPECT_EQ(counted->next, behind);
  }
  return counted;
}

TEST(JobCountsTest, CountsEveryState) {
  FakeRedis redis;
  redis.Run({"RPUSH", "bull:q:wait", "1", "2", "3"});
  redis.Run({"RPUSH", "bull:q:active", "4"});
  redis.Run({"RPUSH", "bull:q:paused", "5", "6"});
  redis.Run({"ZADD", "bull:q:delayed", "1", "7"});
  redis.Run({"ZADD", "bull:q:completed", "1", "8", "1", "9"});
  redis.Run({"ZADD", "bull:q:failed", "1", "10", "1", "11", "1", "12"});
  redis.Run({"ZADD", "bull:q:prioritized", "1", "13"});
  const auto counted = Count(redis);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->counts, (JobCounts{3, 1, 1, 1, 0, 2, 2, 3}));
}

TEST(JobCountsTest, AQueueWithoutKeysCountsZero) {
  FakeRedis redis;
  EXPECT_EQ(Count(redis)->counts, JobCounts{});
}

TEST(JobCountsTest, MarkersAtTheRightEndAreNotCounted) {
  FakeRedis redis;
  redis.Run({"RPUSH", "bull:q:wait", "1", "0:0"});
  redis.Run({"RPUSH", "bull:q:paused", "0:1678886400000"});
  redis.Run({"RPUSH", "bull:q:active", "4", "0:0"});
  const auto counted = Count(redis);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->counts[Index(JobState::kWaiting)], 1);
  EXPECT_EQ(counted->counts[Index(JobState::kPaused)], 0);
  EXPECT_EQ(counted->counts[Index(JobState::kActive)], 2);  // as getCounts-1.lua
  EXPECT_TRUE(counted->waiting_marker);
  EXPECT_TRUE(counted->paused_marker);
}

TEST(JobCountsTest, MarkersInTheMiddleAreCountedAsBullmqDoes) {
  FakeRedis redis;
  redis.Run({"RPUSH", "bull:q:wait", "1", "0:0", "2"});
  EXPECT_EQ(Count(redis)->counts[Index(JobState::kWaiting)], 3);
  EXPECT_FALSE(Count(redis)->waiting_marker);
}

TEST(JobCountsTest, AKeyThatCannotBeReadIsTheError) {
  FakeRedis redis;
  redis.Run({"SET", "bull:q:failed", "x"});
  EXPECT_EQ(Count(redis).error().code, ErrorCode::kWrongType);
  redis.Run({"DEL", "bull:q:failed"});
  redis.server().FailKey("bull:q:paused", "NOPERM no");
  EXPECT_EQ(Count(redis).error().code, ErrorCode::kNoPermission);
}

}  // namespace
}  // namespace bullmq_exporter
