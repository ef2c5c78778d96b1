// Pages of jobs from the in-memory fake and from real servers alike.
#include "exporter/bullmq/job_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/contract/redis_fixture.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const QueueId kQueue{"bull", "q"};

// Lends the client of the fixture to a pool.
class BorrowedClient : public RedisClient {
 public:
  explicit BorrowedClient(RedisClient& client) : client_(client) {}
  [[nodiscard]] Result<Replies> Execute(const Pipeline& pipeline,
                                        const ExchangeLimits& limits) override {
    return client_.Execute(pipeline, limits);
  }
  [[nodiscard]] SteadyClock::time_point NextAttempt() const override {
    return client_.NextAttempt();
  }
  [[nodiscard]] std::string Address() const override { return client_.Address(); }

 private:
  RedisClient& client_;
};

class JobReaderContractTest : public RedisContractTest {
 protected:
  void SetUp() override {
    RedisContractTest::SetUp();
    if (IsSkipped()) return;
    pool_ = std::make_unique<ClientPool>(
        1, [this] { return std::make_unique<BorrowedClient>(client()); });
    for (const char* id : {"a", "b", "c", "d"}) {
      Run({"HSET", std::string("bull:q:") + id, "name", "job", "data", R"({"n":1})", "timestamp",
           "5"});
    }
  }

  auto Read(const JobPageRequest& request) {
    return JobReader(*pool_, {.max_field_bytes = 100, .max_page_bytes = 1000})
        .ReadPage(kQueue, request, SteadyClock::now() + std::chrono::minutes(1));
  }

  std::vector<std::string> Ids(const JobPageRequest& request) {
    const auto page = Read(request);
    if (!page) return {"error", std::string(ErrorLabel(page.error().error.code))};
    std::vector<std::string> ids;
    for (const Job& job : page->jobs) ids.push_back(job.id);
    return ids;
  }

 private:
  std::unique_ptr<ClientPool> pool_;
};

TEST_P(JobReaderContractTest, ZsetsByScore) {
  Run({"ZADD", "bull:q:failed", "2", "b", "1", "a", "1795508578830.5", "d", "3", "c"});
  EXPECT_THAT(Ids({JobState::kFailed, 0, 3}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids({JobState::kFailed, 3, 3}), ElementsAre("d"));
  EXPECT_THAT(Ids({JobState::kFailed, 2'147'483'646'000, 1000}), IsEmpty());
  EXPECT_THAT(Ids({JobState::kFailed, 0, 2, true}), ElementsAre("d", "c"));
  const auto page = Read({JobState::kFailed});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->counts[Index(JobState::kFailed)], 4);
  EXPECT_EQ(page->jobs[0].payload(PayloadField::kData).text, R"({"n":1})");
  EXPECT_EQ(page->jobs[0].timestamp_ms, 5);
}

TEST_P(JobReaderContractTest, ListsFromTheRightWithAndWithoutAMarker) {
  Run({"RPUSH", "bull:q:wait", "d", "c", "b", "a"});
  for (const bool marker : {false, true}) {
    if (marker) Run({"RPUSH", "bull:q:wait", "0:0"});
    EXPECT_THAT(Ids({JobState::kWaiting, 0, 3}), ElementsAre("a", "b", "c"));
    EXPECT_THAT(Ids({JobState::kWaiting, 3, 3}), ElementsAre("d"));
    EXPECT_THAT(Ids({JobState::kWaiting, 4, 3}), IsEmpty());
    EXPECT_THAT(Ids({JobState::kWaiting, 2'147'483'646'000, 1000}), IsEmpty());
    EXPECT_THAT(Ids({JobState::kWaiting, 0, 2, true}), ElementsAre("d", "c"));
    EXPECT_THAT(Ids({JobState::kWaiting, 2, 2, true}), ElementsAre("b", "a"));
    EXPECT_EQ(Read({JobState::kWaiting})->counts[Index(JobState::kWaiting)], 4);
  }
}

TEST_P(JobReaderContractTest, VanishedAndForeignKeysAreNoJobs) {
  Run({"SET", "bull:q:text", "x"});
  Run({"ZADD", "bull:q:failed", "1", "a", "2", "gone", "3", "text", "4", "b"});
  EXPECT_THAT(Ids({}), ElementsAre("a", "b"));
}

TEST_P(JobReaderContractTest, LongPayloadsAreNotRead) {
  Run({"HSET", "bull:q:a", "data", std::string(101, 'x'), "failedReason", std::string(100, 'y')});
  Run({"ZADD", "bull:q:failed", "1", "a"});
  const auto page = Read({});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 1u);
  EXPECT_EQ(page->jobs[0].payload(PayloadField::kData).withheld_bytes, 101);
  EXPECT_EQ(page->jobs[0].payload(PayloadField::kFailedReason).text, std::string(100, 'y'));
}

TEST_P(JobReaderContractTest, BullsFlagTellsPausedJobs) {
  Run({"LPUSH", "bull:q:paused", "a"});
  EXPECT_EQ(Read({JobState::kPaused})->jobs[0].state, JobState::kWaiting);
  Run({"SET", "bull:q:meta-paused", "1"});
  EXPECT_EQ(Read({JobState::kPaused})->jobs[0].state, JobState::kPaused);
}

TEST_P(JobReaderContractTest, AWrongTypeBlamesTheQueue) {
  Run({"SET", "bull:q:active", "x"});
  const auto page = Read({});
  ASSERT_FALSE(page);
  EXPECT_TRUE(page.error().queue_only);
  EXPECT_EQ(page.error().error.code, ErrorCode::kWrongType);
}

INSTANTIATE_TEST_SUITE_P(Backends, JobReaderContractTest,
                         testing::Values(Backend::kFake, Backend::kRedis, Backend::kRedis62,
                                         Backend::kValkey),
                         BackendName);

}  // namespace
}  // namespace bullmq_exporter
