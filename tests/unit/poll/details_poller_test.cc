#include "exporter/poll/details_poller.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

constexpr Duration kSlowInterval = std::chrono::hours(1);

class DetailsPollerTest : public testing::Test {
 protected:
  QueueRecord& Add(const std::string& name) {
    QueueRecord& record = owned_.emplace_back();
    record.id = {"bull", name};
    records_.push_back(&record);
    return record;
  }
  Result<void> Poll(std::size_t max_bytes = 1u << 20) {
    ExchangeLimits limits = GenerousLimits();
    limits.max_bytes = max_bytes;
    return PollDetails({redis_, limits, 1764000000000}, records_, kSlowInterval);
  }

  FakeRedis redis_;
  std::deque<QueueRecord> owned_;
  std::vector<QueueRecord*> records_;
};

TEST_F(DetailsPollerTest, ReadsEachQueueInItsTurn) {
  redis_.Run({"HSET", "bull:q:meta", "version", "bullmq:5.81.5"});
  redis_.Run({"SET", "bull:q:id", "42"});
  redis_.Run({"ZADD", "bull:q:repeat", "1764000001000", "a"});
  QueueRecord& record = Add("q");
  record.known.ends[0].job_id = "7";
  ASSERT_TRUE(Poll());
  EXPECT_EQ(record.details.version, "bullmq:5.81.5");
  EXPECT_EQ(record.job_ids.value(), 42);
  ASSERT_TRUE(record.schedulers);
  EXPECT_EQ(record.schedulers->next_ms, 1764000001000);
  EXPECT_EQ(record.known.ends[0].job_id, "") << "the hash of that job is read again";

  redis_.server().ClearLog();
  record.known.ends[0].job_id = "7";
  ASSERT_TRUE(Poll());
  EXPECT_TRUE(redis_.server().log().empty());
  EXPECT_EQ(record.known.ends[0].job_id, "7");

  record.next_details = SteadyClock::now();
  redis_.Run({"SET", "bull:q:id", "43"});
  ASSERT_TRUE(Poll());
  EXPECT_EQ(record.job_ids.value(), 43);
}

TEST_F(DetailsPollerTest, TurnsAreSpreadOverTheSecondHalfOfTheInterval) {
  for (int i = 0; i < 100; ++i) Add("q" + std::to_string(i));
  const auto before = SteadyClock::now();
  ASSERT_TRUE(Poll());
  const auto after = SteadyClock::now();
  std::set<SteadyClock::time_point> turns;
  for (const QueueRecord* record : records_) {
    EXPECT_GE(record->next_details, before + kSlowInterval / 2);
    EXPECT_LE(record->next_details, after + kSlowInterval);
    turns.insert(record->next_details);
  }
  EXPECT_GT(turns.size(), 50u);
}

TEST_F(DetailsPollerTest, AFailedReadIsDoneAgain) {
  redis_.Run({"SET", "bull:q:id", "42"});
  const QueueRecord& record = Add("q");
  redis_.server().FailNext({ErrorCode::kTimeout, "late"});
  EXPECT_FALSE(Poll());
  ASSERT_TRUE(Poll());
  EXPECT_EQ(record.job_ids.value(), 42);
}

TEST_F(DetailsPollerTest, WhatIsTooLargeOfAQueueThatIsReadAloneIsAbsent) {
  redis_.Run({"HSET", "bull:q:meta", "version", std::string(200'000, 'x')});
  redis_.Run({"SET", "bull:q:id", "42"});
  redis_.Run({"ZADD", "bull:q:repeat", "1", std::string(200'000, 'x')});
  QueueRecord& record = Add("q");
  const auto failed = Poll(100'000);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTooLarge);
  record.known.too_large = true;
  ASSERT_TRUE(Poll(100'000));
  EXPECT_EQ(record.details.version, std::nullopt);
  EXPECT_EQ(record.job_ids.value(), 42);
  EXPECT_EQ(record.details.schedulers, 1);
  EXPECT_FALSE(record.schedulers);
}

}  // namespace
}  // namespace bullmq_exporter
