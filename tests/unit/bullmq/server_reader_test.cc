#include "exporter/bullmq/server_reader.h"

#include <gtest/gtest.h>

#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

TEST(ServerReaderTest, AsksOnlyWhatIsWanted) {
  FakeRedis redis;
  redis.server().SetTimeMs(1764000000123);
  redis.server().SetClientList("id=1 addr=1.2.3.4:5 name=bull:YQ== age=1\n");
  const QueueFilter filter({"bull"}, {});
  const auto time = ReadServer(redis, GenerousLimits(), {}, filter);
  ASSERT_TRUE(time);
  EXPECT_EQ(time->now_ms, 1764000000123);
  EXPECT_FALSE(time->info);
  EXPECT_FALSE(time->workers);
  EXPECT_EQ(redis.server().log().size(), 1u);

  const auto all = ReadServer(redis, GenerousLimits(), {.info = true, .workers = true}, filter);
  ASSERT_TRUE(all && all->info && *all->info && all->workers && *all->workers);
  EXPECT_EQ((**all->info)[0].server, "fake:6379");
  EXPECT_EQ((**all->workers).at({"bull", "a"}), 1);
}

TEST(ServerReaderTest, AListOfClientsThatIsTooLargeFailsAlone) {
  FakeRedis redis;
  redis.server().SetTimeMs(1764000000123);
  redis.server().SetClientList(std::string(100'000, 'x'));
  const QueueFilter filter({"bull"}, {});
  ExchangeLimits limits = GenerousLimits();
  limits.max_bytes = 50'000;
  const auto answers = ReadServer(redis, limits, {.info = true, .workers = true}, filter);
  ASSERT_TRUE(answers && answers->info && answers->workers);
  EXPECT_EQ(answers->now_ms, 1764000000123);
  EXPECT_TRUE(*answers->info);
  ASSERT_FALSE(*answers->workers);
  EXPECT_EQ(answers->workers->error().code, ErrorCode::kTooLarge);
}

TEST(ServerReaderTest, WhatIsForbiddenFailsAlone) {
  FakeRedis redis;
  redis.server().Forbid("TIME");
  redis.server().Forbid("INFO");
  redis.server().SetClientList("id=1 addr=1.2.3.4:5 name= age=1\n");
  const QueueFilter filter({"bull"}, {});
  const auto answers = ReadServer(redis, GenerousLimits(), {.info = true, .workers = true}, filter);
  ASSERT_TRUE(answers && answers->info && answers->workers);
  ASSERT_FALSE(answers->now_ms);
  EXPECT_EQ(answers->now_ms.error().code, ErrorCode::kNoPermission);
  EXPECT_FALSE(*answers->info);
  EXPECT_TRUE(*answers->workers);
}

}  // namespace
}  // namespace bullmq_exporter
