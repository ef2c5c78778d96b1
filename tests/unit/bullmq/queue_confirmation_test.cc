#include "exporter/bullmq/queue_confirmation.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

bool Confirmed(FakeRedis& redis) {
  Pipeline pipeline;
  const std::size_t first = AddQueueConfirmation(pipeline, {"bull", "q"});
  const auto replies = redis.Execute(pipeline, GenerousLimits());
  return replies && IsConfirmedQueue(*replies, first);
}

TEST(QueueConfirmationTest, EachWayToConfirm) {
  {
    FakeRedis redis;
    EXPECT_FALSE(Confirmed(redis));
    redis.Run({"SET", "bull:q:id", "1"});
    EXPECT_FALSE(Confirmed(redis)) << "id alone";
    redis.Run({"ZADD", "bull:q:wait", "1", "x"});
    EXPECT_FALSE(Confirmed(redis)) << "a state key of the wrong type";
    redis.Run({"ZADD", "bull:q:delayed", "1", "x"});
    EXPECT_TRUE(Confirmed(redis));
  }
  {
    FakeRedis redis;
    redis.Run({"HSET", "bull:q:meta", "name", "a job"});
    EXPECT_FALSE(Confirmed(redis));
    redis.Run({"HSET", "bull:q:meta", "opts.maxLenEvents", "10000"});
    EXPECT_TRUE(Confirmed(redis));
    redis.server().Forbid("HSTRLEN");
    EXPECT_FALSE(Confirmed(redis));
  }
}

TEST(QueueConfirmationTest, AFieldOfManyMegabytesIsNotReceived) {
  FakeRedis redis;
  redis.Run({"HSET", "bull:q:meta", "version", std::string(20 << 20, 'x')});
  Pipeline pipeline;
  const std::size_t first = AddQueueConfirmation(pipeline, {"bull", "q"});
  ExchangeLimits limits = GenerousLimits();
  limits.max_bytes = 1024;
  const auto replies = redis.Execute(pipeline, limits);
  ASSERT_TRUE(replies) << replies.error().message;
  EXPECT_TRUE(IsConfirmedQueue(*replies, first));
}

}  // namespace
}  // namespace bullmq_exporter
