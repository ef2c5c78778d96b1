#include "exporter/bullmq/failed_reader.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

class FailedReaderTest : public testing::Test {
 protected:
  FailedToRead Read(std::int64_t from_ms, std::size_t most_jobs = 100, std::size_t most_ids = 100) {
    FailedToRead queue;
    queue.id = &id_;
    queue.from_ms = from_ms;
    queue.most_jobs = most_jobs;
    queue.want_last_failure = true;
    const ReadContext context{redis_, GenerousLimits(), 10000};
    const auto known = [this](std::size_t, std::string_view id, std::int64_t) {
      return known_.contains(std::string(id));
    };
    EXPECT_TRUE(ReadFailed(context, std::span(&queue, 1), most_ids, room_, known));
    return queue;
  }
  void AddFailed(std::int64_t score, const std::string& id, std::string_view reason) {
    redis_.Run({"ZADD", "bull:q:failed", std::to_string(score), id});
    redis_.Run({"HSET", "bull:q:" + id, "name", "sync", "failedReason", reason});
  }

  const QueueId id_{"bull", "q"};
  FakeRedis redis_;
  std::set<std::string> known_;
  std::size_t room_ = 1000;
};

TEST_F(FailedReaderTest, ReadsWhatIsNewFromTheMarkOnNewestFirst) {
  AddFailed(1000, "1", "old");
  AddFailed(2000, "2", "known");
  AddFailed(3000, "3", "new");
  AddFailed(4000, "4", "");
  known_ = {"2"};
  const FailedToRead queue = Read(2000);
  ASSERT_EQ(queue.jobs.size(), 2u);
  EXPECT_EQ(queue.jobs[0].id, "4");
  EXPECT_EQ(queue.jobs[0].failed_reason, "");
  EXPECT_EQ(queue.jobs[1].id, "3");
  EXPECT_EQ(queue.jobs[1].finished_on_ms, 3000);
  EXPECT_EQ(queue.jobs[1].name, "sync");
  EXPECT_EQ(queue.jobs[1].failed_reason, "new");
  EXPECT_TRUE(queue.complete);
  EXPECT_EQ(queue.last_failure_ms, 4000);
  EXPECT_EQ(room_, 998u);
}

TEST_F(FailedReaderTest, AReadWithMoreThanIsWantedIsNotComplete) {
  for (int i = 0; i < 10; ++i) AddFailed(1000 + i, "j" + std::to_string(i), "x");
  EXPECT_TRUE(Read(0).complete);
  const FailedToRead few = Read(0, 3);
  EXPECT_FALSE(few.complete);
  ASSERT_EQ(few.jobs.size(), 3u);
  EXPECT_EQ(few.jobs[0].id, "j9");
  EXPECT_FALSE(Read(0, 100, 5).complete) << "more ids than are looked at";
  room_ = 4;
  EXPECT_EQ(Read(0).jobs.size(), 4u);
  EXPECT_EQ(room_, 0u);
}

TEST_F(FailedReaderTest, AGoneHashAndALargeReasonAreToldApart) {
  redis_.Run({"ZADD", "bull:q:failed", "1000", "gone"});
  AddFailed(900, "large", std::string(kMaxReasonBytes + 1, 'x'));
  const FailedToRead queue = Read(0);
  ASSERT_EQ(queue.jobs.size(), 2u);
  EXPECT_EQ(queue.jobs[0].name, "");
  EXPECT_EQ(queue.jobs[0].failed_reason, "");
  EXPECT_EQ(queue.jobs[1].name, "sync");
  EXPECT_EQ(queue.jobs[1].failed_reason, kReasonTooLarge);
  for (const auto& command : redis_.server().log()) {
    EXPECT_FALSE(command[0] == "HGET" && command[1] == "bull:q:large" &&
                 command[2] == "failedReason");
  }
}

TEST_F(FailedReaderTest, ManyLongReasonsAreReadInBatches) {
  for (int i = 0; i < 300; ++i) {
    AddFailed(1000 + i, "j" + std::to_string(i), std::string(60'000, 'x'));
  }
  FailedToRead queue;
  queue.id = &id_;
  queue.most_jobs = 1000;
  ExchangeLimits limits = GenerousLimits();
  limits.max_bytes = 16u << 20;  // that of a poll; the reasons are 18 MB
  const ReadContext context{redis_, limits, 10000};
  const auto none_known = [](std::size_t, std::string_view, std::int64_t) { return false; };
  const auto done = ReadFailed(context, std::span(&queue, 1), 1000, room_, none_known);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_EQ(queue.jobs.size(), 300u);
  for (const FailedJob& job : queue.jobs) EXPECT_EQ(job.failed_reason.size(), 60'000u);
}

TEST_F(FailedReaderTest, AScoreThatIsNoTimeIsPassedOver) {
  AddFailed(1000, "1", "x");
  redis_.Run({"ZADD", "bull:q:failed", "inf", "never", "1e300", "far"});
  const FailedToRead queue = Read(0);
  ASSERT_EQ(queue.jobs.size(), 1u);
  EXPECT_EQ(queue.jobs[0].id, "1");
  EXPECT_EQ(queue.last_failure_ms, std::nullopt);
}

TEST_F(FailedReaderTest, CountsARangeOfScores) {
  for (int i = 0; i < 10; ++i) AddFailed(1000 + i, "j" + std::to_string(i), "x");
  FailedToCount count{&id_, 1002, 1005, std::nullopt};
  const ReadContext context{redis_, GenerousLimits(), 10000};
  ASSERT_TRUE(CountFailed(context, std::span(&count, 1)));
  EXPECT_EQ(count.count, 3);
}

TEST_F(FailedReaderTest, ASetOfTheWrongTypeIsUnreadable) {
  redis_.Run({"SET", "bull:q:failed", "x"});
  EXPECT_FALSE(Read(0).readable);
}

}  // namespace
}  // namespace bullmq_exporter
