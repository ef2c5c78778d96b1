#include "exporter/bullmq/scheduler_reader.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

constexpr std::int64_t kNow = 1764000000000;

class SchedulerReaderTest : public testing::Test {
 protected:
  SchedulerTimes Read() {
    const QueueId id{"bull", "q"};
    SchedulerTimes times;
    SchedulersToRead queue{&id, &times};
    const ReadContext context{redis_, GenerousLimits(), kNow};
    EXPECT_TRUE(ReadSchedulers(context, std::span(&queue, 1)));
    readable_ = queue.readable;
    return times;
  }
  void Add(std::int64_t next_ms, std::string_view id) {
    redis_.Run({"ZADD", "bull:q:repeat", std::to_string(next_ms), id});
  }

  FakeRedis redis_;
  bool readable_ = false;
};

TEST_F(SchedulerReaderTest, LiveOnes) {
  Add(kNow + 5000, "b");
  Add(kNow + 3000, "a");
  EXPECT_EQ(Read().next_ms, kNow + 3000);
  EXPECT_EQ(Read().overdue, 0);
  Add(kNow - 1000, "late");
  redis_.Run({"HSET", "bull:q:repeat:late", "ic", "4", "every", "1000"});
  EXPECT_EQ(Read().next_ms, kNow - 1000);
  EXPECT_EQ(Read().overdue, 1);
}

TEST_F(SchedulerReaderTest, EndedOnesAreNeitherNextNorOverdue) {
  Add(kNow - 9000, "limit");
  redis_.Run({"HSET", "bull:q:repeat:limit", "ic", "3", "limit", "3"});
  Add(kNow - 8000, "end");
  redis_.Run({"HSET", "bull:q:repeat:end", "ic", "3", "endDate", std::to_string(kNow - 1)});
  Add(kNow + 4000, "live");
  EXPECT_EQ(Read().next_ms, kNow + 4000);
  EXPECT_EQ(Read().overdue, 0);
}

TEST_F(SchedulerReaderTest, ALegacyOneLivesWhileItsNextJobIsDelayed) {
  Add(kNow - 2000, "sync:::* * * * *:");
  EXPECT_EQ(Read().overdue, 0) << "its last job was taken and made no other";
  redis_.Run({"ZADD", "bull:q:delayed", std::to_string((kNow - 2000) * 4096 + 3),
              "repeat:0123456789abcdef:" + std::to_string(kNow - 2000)});
  EXPECT_EQ(Read().overdue, 1);
  EXPECT_EQ(Read().next_ms, kNow - 2000);

  redis_.Run({"DEL", "bull:q:repeat"});
  Add(kNow - 2000, "sync::" + std::to_string(kNow - 1) + "::1000");
  EXPECT_EQ(Read().overdue, 0) << "its end date, third in its key, is past";
}

// BullMQ 5.40 keeps no count of runs, and the score of a next job that was late when it was made is
// another time than that of its run.
TEST_F(SchedulerReaderTest, OneWithoutACountLivesUntilItsNextJobIsBegun) {
  const std::string job = "bull:q:repeat:soon:" + std::to_string(kNow - 2000);
  Add(kNow - 2000, "soon");
  redis_.Run({"HSET", "bull:q:repeat:soon", "name", "soon", "every", "100"});
  EXPECT_EQ(Read().overdue, 0);
  redis_.Run({"HSET", job, "name", "soon", "timestamp", std::to_string(kNow - 1900)});
  EXPECT_EQ(Read().overdue, 1) << "its job waits, wherever that is";
  redis_.Run({"HSET", job, "processedOn", std::to_string(kNow - 1000)});
  EXPECT_EQ(Read().overdue, 0) << "its last job was begun and made no other";
}

TEST_F(SchedulerReaderTest, AScoreThatIsNoTimeIsPassedOver) {
  redis_.Run({"ZADD", "bull:q:repeat", "inf", "never", "-inf", "always", "-1e300", "long-ago"});
  EXPECT_EQ(Read().next_ms, std::nullopt);
  EXPECT_EQ(Read().overdue, 0);
}

TEST_F(SchedulerReaderTest, ASetOfTheWrongTypeIsUnreadable) {
  redis_.Run({"SET", "bull:q:repeat", "x"});
  const SchedulerTimes times = Read();
  EXPECT_FALSE(readable_);
  EXPECT_EQ(times.next_ms, std::nullopt);
}

}  // namespace
}  // namespace bullmq_exporter
