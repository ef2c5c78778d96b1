#include "exporter/bullmq/jobs_at_ends.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

class JobsAtEndsTest : public testing::Test {
 protected:
  Result<void> Read(QueueEnd end, const std::string& job_id) {
    const ReadContext context{redis_, GenerousLimits(), 1764000000000};
    return ReadJobsAtEnds(context, {{&queue_, &known_, end, job_id}});
  }

  FakeRedis redis_;
  const QueueId queue_{"bull", "q"};
  KnownEnd known_;
};

TEST_F(JobsAtEndsTest, AnActiveJobBeganWhenItSays) {
  redis_.Run({"HSET", "bull:q:1", "timestamp", "100", "processedOn", "700"});
  ASSERT_TRUE(Read(QueueEnd::kNextActive, "1"));
  EXPECT_EQ(known_.job_id, "1");
  EXPECT_EQ(known_.time_ms, 700);
}

TEST_F(JobsAtEndsTest, ADelayOfTheOptionsCounts) {
  redis_.Run({"HSET", "bull:q:1", "timestamp", "100", "delay", "0", "opts", R"({"delay":50})"});
  ASSERT_TRUE(Read(QueueEnd::kNextWaiting, "1"));
  EXPECT_EQ(known_.time_ms, 150);
}

TEST_F(JobsAtEndsTest, AKnownJobIsNotReadAgain) {
  known_ = {"1", 42};
  ASSERT_TRUE(Read(QueueEnd::kNextWaiting, "1"));
  EXPECT_TRUE(redis_.server().log().empty());
  EXPECT_EQ(known_.time_ms, 42);
}

TEST_F(JobsAtEndsTest, AJobWhoseHashIsGoneHasNoTime) {
  known_ = {"1", 42};
  ASSERT_TRUE(Read(QueueEnd::kNextWaiting, "2"));
  EXPECT_EQ(known_.job_id, "2");
  EXPECT_EQ(known_.time_ms, std::nullopt);
}

TEST_F(JobsAtEndsTest, WhatIsTooLargeMayBeLeftOut) {
  const ReadContext context{redis_, GenerousLimits(), 1764000000000};
  redis_.server().FailNext({ErrorCode::kTooLarge, "large"});
  ASSERT_TRUE(ReadJobsAtEnds(context, {{&queue_, &known_, QueueEnd::kNextWaiting, "1"}}, true));
  EXPECT_EQ(known_.job_id, "1");
  EXPECT_EQ(known_.time_ms, std::nullopt);
}

TEST_F(JobsAtEndsTest, WhatCouldNotBeReadIsNotKnown) {
  known_ = {"1", 42};
  redis_.server().FailNext({ErrorCode::kTimeout, "late"});
  EXPECT_FALSE(Read(QueueEnd::kNextWaiting, "2"));
  EXPECT_EQ(known_.job_id, "");
  EXPECT_EQ(known_.time_ms, std::nullopt);
}

}  // namespace
}  // namespace bullmq_exporter
