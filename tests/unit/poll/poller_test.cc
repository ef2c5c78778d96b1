#include "exporter/poll/poller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;

class PollerTest : public testing::Test {
 protected:
  void Use(const QueuesConfig& queues = {}, Duration forget_after = std::chrono::hours(1),
           Duration slow_interval = std::chrono::hours(1)) {
    filter_.emplace(std::vector<std::string>{"bull"}, queues);
    queues_.emplace(*filter_, 10000);
    discovery_.emplace(DiscoveryConfig{}, *filter_, *queues_);
    PollerSettings settings;
    settings.target = "main";
    settings.forget_after = forget_after;
    settings.poll.slow_interval = slow_interval;
    poller_.emplace(settings, *filter_, *queues_, *discovery_, instruments_, logger_);
  }
  std::shared_ptr<const Snapshot> Poll() { return poller_->Poll(redis_); }
  void AddQueue(const std::string& name) {
    redis_.Run({"HSET", "bull:" + name + ":meta", "version", "bullmq:5.81.5"});
    redis_.Run({"RPUSH", "bull:" + name + ":wait", "1"});
    queues_->Add({"bull", name});
  }
  static std::vector<std::string> Up(const Snapshot& snapshot) {
    std::vector<std::string> names;
    for (const QueueSnapshot& queue : snapshot.queues) {
      if (queue.up) names.push_back(queue.id.name);
    }
    return names;
  }

  FakeRedis redis_;
  prometheus::Registry registry_;
  PollInstruments instruments_{registry_, "main"};
  const Logger logger_{LogLevel::kError, LogFormat::kLogfmt};
  std::optional<QueueFilter> filter_;
  std::optional<QueueSet> queues_;
  std::optional<Discovery> discovery_;
  std::optional<Poller> poller_;
};

TEST_F(PollerTest, ReadsTheServerAndItsQueues) {
  Use();
  AddQueue("b");
  AddQueue("a");
  redis_.server().SetClientList("id=1 addr=1.2.3.4:5 name=bull:YQ== age=1\n");
  const auto snapshot = Poll();
  EXPECT_TRUE(snapshot->up);
  EXPECT_EQ(snapshot->target, "main");
  EXPECT_THAT(Up(*snapshot), ElementsAre("a", "b"));
  EXPECT_EQ(snapshot->queues[0].workers, 1);
  EXPECT_EQ(snapshot->queues[1].workers, 0);
  EXPECT_EQ(snapshot->queues[0].version, "bullmq:5.81.5");
  ASSERT_EQ(snapshot->servers.size(), 1u);
  EXPECT_EQ(snapshot->servers[0].server, "fake:6379");
  EXPECT_TRUE(snapshot->last_success_seconds);
}

TEST_F(PollerTest, ATargetThatCannotBeReadKeepsItsQueuesNames) {
  Use();
  AddQueue("a");
  EXPECT_TRUE(Poll()->up);
  redis_.server().FailAll(Error{ErrorCode::kTimeout, "late"});
  const auto down = Poll();
  EXPECT_FALSE(down->up);
  EXPECT_EQ(down->error->code, ErrorCode::kTimeout);
  ASSERT_EQ(down->queues.size(), 1u);
  EXPECT_FALSE(down->queues[0].up);
  EXPECT_TRUE(down->servers.empty());
  redis_.server().FailAll(std::nullopt);
  EXPECT_TRUE(Poll()->up);
}

TEST_F(PollerTest, LoadingIsATargetThatIsDown) {
  Use();
  AddQueue("a");
  redis_.server().SetServerError("LOADING Redis is loading the dataset in memory");
  const auto down = Poll();
  EXPECT_FALSE(down->up);
  EXPECT_EQ(down->error->code, ErrorCode::kLoading);
}

TEST_F(PollerTest, OneUnreadableQueueDoesNotTakeTheOthers) {
  Use();
  AddQueue("a");
  AddQueue("b");
  redis_.Run({"SET", "bull:a:failed", "x"});
  const auto snapshot = Poll();
  EXPECT_TRUE(snapshot->up);
  EXPECT_THAT(Up(*snapshot), ElementsAre("b"));
}

TEST_F(PollerTest, EveryQueueForbiddenIsATargetThatIsDown) {
  Use();
  AddQueue("a");
  AddQueue("b");
  redis_.server().Forbid("LLEN");
  const auto down = Poll();
  EXPECT_FALSE(down->up);
  EXPECT_EQ(down->error->code, ErrorCode::kNoPermission);
}

TEST_F(PollerTest, AQueueTooLargeToReadStandsAlone) {
  Use();
  for (int i = 0; i < 9; ++i) AddQueue("q" + std::to_string(i));
  const std::string large(20 << 20, 'x');
  redis_.Run({"RPUSH", "bull:q4:wait", large});
  for (int poll = 0; poll < 2; ++poll) {
    const auto snapshot = Poll();
    EXPECT_TRUE(snapshot->up);
    EXPECT_THAT(Up(*snapshot), ElementsAre("q0", "q1", "q2", "q3", "q5", "q6", "q7", "q8"));
  }
  redis_.Run({"DEL", "bull:q4:wait"});
  EXPECT_EQ(Up(*Poll()).size(), 9u);
}

TEST_F(PollerTest, WhatIsTooLargeButNoStateIsAbsentAlone) {
  Use();
  AddQueue("a");
  AddQueue("b");
  redis_.server().SetTimeMs(1764000000000);
  const std::string large(20 << 20, 'x');
  redis_.Run({"HSET", "bull:b:meta", "version", large, "paused", "1"});
  redis_.Run({"SET", "bull:b:id", "7"});
  redis_.Run({"HSET", "bull:b:1", "timestamp", large});
  redis_.Run({"ZADD", "bull:b:repeat", "1", large});
  redis_.Run({"ZADD", "bull:b:failed", "1764000000000", large});
  for (int poll = 0; poll < 2; ++poll) {
    const auto snapshot = Poll();
    ASSERT_THAT(Up(*snapshot), ElementsAre("a", "b"));
    EXPECT_EQ(snapshot->queues[0].version, "bullmq:5.81.5");
    const QueueSnapshot& b = snapshot->queues[1];
    EXPECT_EQ(b.jobs[Index(JobState::kWaiting)], 1);
    EXPECT_EQ(b.job_ids_total, 7);
    EXPECT_EQ(b.schedulers, 1);
    EXPECT_EQ(b.version, std::nullopt);
    EXPECT_EQ(b.paused, std::nullopt);
    EXPECT_EQ(b.oldest_waiting_ms, std::nullopt);
    EXPECT_EQ(b.overdue_schedulers, std::nullopt);
    EXPECT_FALSE(b.failures_readable);
    EXPECT_EQ(b.failures, nullptr);
  }
}

TEST_F(PollerTest, WhatIsForbiddenIsUnsupportedAndTheRestIsFine) {
  Use();
  AddQueue("a");
  redis_.server().Forbid("CLIENT LIST");
  redis_.server().Forbid("INFO");
  const auto snapshot = Poll();
  EXPECT_TRUE(snapshot->up);
  EXPECT_EQ(snapshot->workers_supported, false);
  EXPECT_EQ(snapshot->server_info_supported, false);
  EXPECT_EQ(snapshot->queues[0].workers, std::nullopt);
  EXPECT_TRUE(snapshot->servers.empty());
}

TEST_F(PollerTest, SettingsAreReadSeldom) {
  Use();
  AddQueue("a");
  EXPECT_EQ(Poll()->queues[0].paused, false);
  redis_.Run({"HSET", "bull:a:meta", "paused", "1"});
  EXPECT_EQ(Poll()->queues[0].paused, false);
  Use({}, std::chrono::hours(1), Duration(0));
  queues_->Add({"bull", "a"});
  EXPECT_EQ(Poll()->queues[0].paused, true);
}

TEST_F(PollerTest, AQueueThatIsGoneShowsZerosUntilItIsForgotten) {
  Use({}, std::chrono::hours(1), Duration(0));
  AddQueue("a");
  EXPECT_EQ(Poll()->queues[0].jobs[Index(JobState::kWaiting)], 1);
  redis_.Run({"DEL", "bull:a:meta", "bull:a:wait"});
  for (int poll = 0; poll < 3; ++poll) {
    const auto snapshot = Poll();
    ASSERT_EQ(snapshot->queues.size(), 1u);
    EXPECT_TRUE(snapshot->queues[0].up);
    EXPECT_EQ(snapshot->queues[0].jobs[Index(JobState::kWaiting)], 0);
  }
  Use({}, Duration(0), Duration(0));
  queues_->Add({"bull", "a"});
  (void)Poll();
  EXPECT_TRUE(Poll()->queues.empty());
}

TEST_F(PollerTest, AConfiguredQueueIsShownBeforeItExists) {
  QueuesConfig queues;
  queues.static_queues = {{"bull", "later"}};
  Use(queues, Duration(0), Duration(0));
  for (int poll = 0; poll < 2; ++poll) {
    const auto snapshot = Poll();
    ASSERT_EQ(snapshot->queues.size(), 1u);
    EXPECT_TRUE(snapshot->queues[0].up);
  }
}

TEST_F(PollerTest, WorkersConnectionsAreOfferedToDiscovery) {
  Use();
  redis_.Run({"HSET", "bull:a:meta", "version", "bullmq:5.81.5"});
  redis_.server().SetClientList("id=1 addr=1.2.3.4:5 name=bull:YQ==:w:w1 age=1\n");
  ASSERT_TRUE(poller_->ReadServer(redis_));
  ASSERT_TRUE(discovery_->Step(redis_, GenerousLimits()));
  EXPECT_THAT(Up(*Poll()), ElementsAre("a"));
}

TEST_F(PollerTest, ManyQueuesAreReadInChunks) {
  Use();
  for (int i = 0; i < 1201; ++i) AddQueue("q" + std::to_string(i));
  EXPECT_EQ(Up(*Poll()).size(), 1201u);
  redis_.server().ClearLog();
  const std::size_t before = redis_.server().exchanges();
  EXPECT_EQ(Up(*Poll()).size(), 1201u);
  EXPECT_LE(redis_.server().exchanges() - before, 1u + 3 * 4);
}

}  // namespace
}  // namespace bullmq_exporter
