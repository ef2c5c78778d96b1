#include "exporter/bullmq/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Measures what the calls of SCAN take, from within: no more than the caller measures.
class MeasuredRedis : public RedisClient {
 public:
  explicit MeasuredRedis(FakeRedis& redis) : redis_(redis) {}
  Result<Replies> Execute(const Pipeline& pipeline, const ExchangeLimits& limits) override {
    const auto began = SteadyClock::now();
    auto replies = redis_.Execute(pipeline, limits);
    if (!pipeline.empty() && pipeline.Args(0)[0] == "SCAN") spent_ += SteadyClock::now() - began;
    return replies;
  }
  [[nodiscard]] SteadyClock::time_point NextAttempt() const override {
    return redis_.NextAttempt();
  }
  [[nodiscard]] std::string Address() const override { return redis_.Address(); }
  [[nodiscard]] SteadyClock::duration spent() const { return spent_; }

 private:
  FakeRedis& redis_;
  SteadyClock::duration spent_{};
};

class DiscoveryTest : public testing::Test {
 protected:
  void Use(std::vector<std::string> prefixes, const QueuesConfig& queues = {},
           std::size_t max = 100) {
    filter_.emplace(std::move(prefixes), queues);
    config_.max_queues = max;
    queues_.emplace(*filter_, max);
    discovery_.emplace(config_, *filter_, *queues_);
  }
  void Pass() {
    do {
      ASSERT_TRUE(discovery_->Step(client_, GenerousLimits(), Discovery::Pace::kHurried));
    } while (!discovery_->first_pass_done());
  }
  void AddQueue(const std::string& key) {
    redis_.Run({"HSET", key + ":meta", "version", "bullmq:5.81.5"});
  }

  FakeRedis redis_;
  MeasuredRedis client_{redis_};
  DiscoveryConfig config_;
  std::optional<QueueFilter> filter_;
  std::optional<QueueSet> queues_;
  std::optional<Discovery> discovery_;
};

TEST_F(DiscoveryTest, FindsQueuesOfEveryKind) {
  AddQueue("bull:v5");
  redis_.Run({"HSET", "bull:flow:meta", "opts.maxLenEvents", "10000"});
  redis_.Run({"XADD", "bull:v3:events", "*", "event", "added"});
  redis_.Run({"SET", "bull:bull4:id", "7"});
  redis_.Run({"RPUSH", "bull:bull4:wait", "7"});
  Use({"bull"});
  Pass();
  EXPECT_THAT(queues_->queues(), ElementsAre(QueueId{"bull", "bull4"}, QueueId{"bull", "flow"},
                                             QueueId{"bull", "v3"}, QueueId{"bull", "v5"}));
}

TEST_F(DiscoveryTest, OneKeyDoesNotMakeAQueue) {
  redis_.Run({"SET", "bull:q:de:x:id", "1"});                   // deduplication
  redis_.Run({"HSET", "bull:q:repeat:foo:meta", "name", "x"});  // a scheduler
  redis_.Run({"HSET", "bull:q:a:b:meta", "name", "x"});         // a job
  redis_.Run({"SET", "bull:lonely:id", "1"});                   // no state key
  redis_.Run({"SET", "bull:odd:id", "1"});
  redis_.Run({"SET", "bull:odd:wait", "no list"});
  redis_.Run({"SET", "bull:string:events", "no stream"});
  Use({"bull"});
  Pass();
  EXPECT_THAT(queues_->queues(), IsEmpty());
}

TEST_F(DiscoveryTest, SeveralPrefixesOfWhichOneBeginsAnother) {
  AddQueue("bull:q");
  AddQueue("bull:x:q");
  AddQueue("{other}:q");
  AddQueue("foreign:q");
  Use({"bull", "bull:x", "{other}"});
  Pass();
  EXPECT_THAT(queues_->queues(),
              ElementsAre(QueueId{"bull", "q"}, QueueId{"bull:x", "q"}, QueueId{"{other}", "q"}));
  for (const auto& command : redis_.server().log()) {
    if (command[0] != "SCAN") {
      EXPECT_TRUE(command[1].find("foreign") == std::string::npos)
          << "keys of others may be forbidden to us";
    }
  }
}

TEST_F(DiscoveryTest, WhatIsExcludedIsCountedOnce) {
  AddQueue("bull:keep");
  AddQueue("bull:drop-1");
  redis_.Run({"SET", "bull:drop-1:id", "1"});
  redis_.Run({"RPUSH", "bull:drop-1:wait", "1"});
  AddQueue("bull:drop-2");
  QueuesConfig queues;
  queues.exclude = {"drop-*"};
  Use({"bull"}, queues);
  Pass();
  EXPECT_THAT(queues_->queues(), ElementsAre(QueueId{"bull", "keep"}));
  EXPECT_EQ(discovery_->ignored(), 2);
}

TEST_F(DiscoveryTest, TheCapHoldsAndIsCounted) {
  for (int i = 0; i < 10; ++i) AddQueue("bull:q" + std::to_string(i));
  Use({"bull"}, {}, 4);
  Pass();
  EXPECT_EQ(queues_->queues().size(), 4u);
  EXPECT_EQ(discovery_->capped(), 6);
}

TEST_F(DiscoveryTest, OfferedNamesAreConfirmedAtOnce) {
  AddQueue("bull:q");
  Use({"bull"});
  discovery_->Offer({{"bull", "q"}, {"bull", "unconfirmed"}});
  EXPECT_LE(discovery_->NextStep(), SteadyClock::now());
  ASSERT_TRUE(discovery_->Step(redis_, GenerousLimits()));
  EXPECT_THAT(queues_->queues(), ElementsAre(QueueId{"bull", "q"}));
}

TEST_F(DiscoveryTest, SwitchedOffItAsksNothing) {
  AddQueue("bull:q");
  config_.enabled = false;
  Use({"bull"});
  discovery_->Offer({{"bull", "q"}});
  EXPECT_EQ(discovery_->NextStep(), SteadyClock::time_point::max());
  EXPECT_TRUE(discovery_->first_pass_done());
  EXPECT_THAT(queues_->queues(), IsEmpty());
}

TEST_F(DiscoveryTest, APassGoesOnAfterAnError) {
  for (int i = 0; i < 50; ++i) AddQueue("bull:q" + std::to_string(i));
  Use({"bull"});
  redis_.server().FailNext({ErrorCode::kTimeout, "late"});
  const auto failed = discovery_->Step(redis_, GenerousLimits(), Discovery::Pace::kHurried);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTimeout);
  Pass();
  EXPECT_EQ(queues_->queues().size(), 50u);
}

TEST_F(DiscoveryTest, TheNextPassBeginsAfter200TimesWhatThisOneTook) {
  for (int i = 0; i < 5000; ++i) redis_.Run({"SET", "bull:q:" + std::to_string(i), "job"});
  config_.interval = Duration(0);
  Use({"bull"});
  const auto before = SteadyClock::now();
  Pass();
  const auto after = SteadyClock::now();
  EXPECT_GE(discovery_->NextStep(), before + 200 * client_.spent());
  EXPECT_LE(discovery_->NextStep(), after + 200 * (after - before));
}

TEST_F(DiscoveryTest, TheNextPassBeginsAfterTheIntervalWhereThatIsLonger) {
  config_.interval = std::chrono::hours(24);
  Use({"bull"});
  const auto before = SteadyClock::now();
  Pass();
  const auto after = SteadyClock::now();
  EXPECT_GE(discovery_->NextStep(), before + config_.interval);
  EXPECT_LE(discovery_->NextStep(), after + config_.interval);
}

}  // namespace
}  // namespace bullmq_exporter
