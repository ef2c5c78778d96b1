#include "exporter/bullmq/queue_details_reader.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

class QueueDetailsReaderTest : public testing::Test {
 protected:
  QueueDetails Read() {
    const QueueId id{"bull", "q"};
    QueueDetails details;
    const QueueDetailsToRead queue{&id, &details};
    const ReadContext context{redis_, GenerousLimits(), 1764000000000};
    const auto done = ReadQueueDetails(context, std::span(&queue, 1));
    EXPECT_TRUE(done);
    return details;
  }
  FakeRedis redis_;
};

TEST_F(QueueDetailsReaderTest, AQueueWithoutKeys) {
  const QueueDetails details = Read();
  EXPECT_FALSE(details.exists);
  EXPECT_EQ(details.paused, false);
  EXPECT_EQ(details.rate_limited, false);
  EXPECT_EQ(details.version, "");
  EXPECT_EQ(details.schedulers, 0);
  EXPECT_EQ(details.job_ids, std::nullopt);
  EXPECT_EQ(details.concurrency_limit, std::nullopt);
  EXPECT_EQ(details.finished_completed, std::nullopt);
}

TEST_F(QueueDetailsReaderTest, ReadsSettingsAndTotals) {
  redis_.Run(
      {"HSET", "bull:q:meta", "version", "bullmq:5.81.5", "paused", "1", "concurrency", "7"});
  redis_.Run({"SET", "bull:q:id", "42"});
  redis_.Run({"HSET", "bull:q:metrics:completed", "count", "40", "prevTS", "1"});
  redis_.Run({"HSET", "bull:q:metrics:failed", "count", "2"});
  redis_.Run({"ZADD", "bull:q:repeat", "1", "a", "2", "b"});
  const QueueDetails details = Read();
  EXPECT_TRUE(details.exists);
  EXPECT_EQ(details.version, "bullmq:5.81.5");
  EXPECT_EQ(details.paused, true);
  EXPECT_EQ(details.concurrency_limit, 7);
  EXPECT_EQ(details.job_ids, 42);
  EXPECT_EQ(details.finished_completed, 40);
  EXPECT_EQ(details.finished_failed, 2);
  EXPECT_EQ(details.schedulers, 2);
}

TEST_F(QueueDetailsReaderTest, BullKeepsItsPauseInAKeyOfItsOwn) {
  redis_.Run({"SET", "bull:q:meta-paused", "1"});
  EXPECT_EQ(Read().paused, true);
}

TEST_F(QueueDetailsReaderTest, RateLimitedOnlyWhereItCanBeKnown) {
  struct Case {
    const char* limiter;  // nullptr: no key
    const char* max;      // meta.max, or nullptr
    bool expires;
    std::optional<bool> limited;
  };
  for (const Case& c : {
           Case{nullptr, nullptr, false, false},
           Case{"9007199254740991", nullptr, true, true},
           Case{"3", "3", true, true},
           Case{"2", "3", true, false},
           Case{"3", nullptr, true, std::nullopt},
           Case{"3", "3", false, false},
           Case{"x", "3", true, std::nullopt},
       }) {
    redis_.Run({"DEL", "bull:q:limiter", "bull:q:meta"});
    if (c.limiter != nullptr) redis_.Run({"SET", "bull:q:limiter", c.limiter});
    if (c.limiter != nullptr && c.expires) redis_.Run({"PEXPIRE", "bull:q:limiter", "5000"});
    if (c.max != nullptr) redis_.Run({"HSET", "bull:q:meta", "max", c.max, "duration", "1000"});
    EXPECT_EQ(Read().rate_limited, c.limited) << (c.limiter ? c.limiter : "no limiter");
  }
}

TEST_F(QueueDetailsReaderTest, WhatCannotBeReadIsAbsentAlone) {
  redis_.Run({"SET", "bull:q:meta", "no hash"});
  redis_.Run({"RPUSH", "bull:q:id", "no string"});
  redis_.Run({"SET", "bull:q:repeat", "no zset"});
  redis_.Run({"SET", "bull:q:metrics:failed", "no hash"});
  redis_.Run({"HSET", "bull:q:metrics:completed", "count", "40"});
  const QueueDetails details = Read();
  EXPECT_TRUE(details.exists);
  EXPECT_EQ(details.version, std::nullopt);
  EXPECT_EQ(details.paused, std::nullopt);
  EXPECT_EQ(details.job_ids, std::nullopt);
  EXPECT_EQ(details.schedulers, std::nullopt);
  EXPECT_EQ(details.finished_failed, std::nullopt);
  EXPECT_EQ(details.finished_completed, 40);
}

TEST_F(QueueDetailsReaderTest, WhatIsTooLargeIsAbsentAlone) {
  redis_.Run({"HSET", "bull:q:meta", "version", std::string(70'000, 'x'), "max", "3"});
  redis_.Run({"SET", "bull:q:id", "42"});
  redis_.Run({"SET", "bull:q:limiter", "3"});
  redis_.Run({"PEXPIRE", "bull:q:limiter", "5000"});
  redis_.Run({"HSET", "bull:q:metrics:completed", "count", std::string(70'000, '1')});
  redis_.Run({"HSET", "bull:q:metrics:failed", "count", "2"});
  const QueueId id{"bull", "q"};
  QueueDetails details;
  const ReadContext context{redis_, GenerousLimits(), 1764000000000};
  ASSERT_TRUE(ReadLargeQueueDetails(context, {&id, &details}));
  EXPECT_TRUE(details.exists);
  EXPECT_EQ(details.version, std::nullopt);
  EXPECT_EQ(details.paused, std::nullopt);
  EXPECT_EQ(details.rate_limited, std::nullopt);
  EXPECT_EQ(details.job_ids, 42);
  EXPECT_EQ(details.finished_completed, std::nullopt);
  EXPECT_EQ(details.finished_failed, 2);
}

TEST_F(QueueDetailsReaderTest, AServerThatIsGoneIsNoQueueThatIsTooLarge) {
  const QueueId id{"bull", "q"};
  QueueDetails details;
  const ReadContext context{redis_, GenerousLimits(), 1764000000000};
  redis_.server().FailAll(Error{ErrorCode::kTimeout, "late"});
  const auto done = ReadLargeQueueDetails(context, {&id, &details});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kTimeout);
}

}  // namespace
}  // namespace bullmq_exporter
