#include "exporter/instruments/redis_usage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/base/utf8.h"
#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

TEST(RedisUsageTest, CountsFromZero) {
  prometheus::Registry registry;
  RedisUsage usage(registry, "main", RedisPurpose::kPoll);
  EXPECT_THAT(
      Collected(registry),
      testing::UnorderedElementsAre(
          testing::Pair(R"(bullmq_exporter_redis_commands_total{purpose="poll",redis="main"})", 0),
          testing::Pair(R"(bullmq_exporter_redis_sent_bytes_total{purpose="poll",redis="main"})",
                        0),
          testing::Pair(
              R"(bullmq_exporter_redis_received_bytes_total{purpose="poll",redis="main"})", 0),
          testing::Pair(R"(bullmq_exporter_redis_connections{purpose="poll",redis="main"})", 0)));
  usage.CountCommands(3);
  usage.CountCommands(4);
  usage.CountSent(100);
  usage.CountReceived(2000);
  usage.ConnectionOpened();
  usage.ConnectionOpened();
  usage.ConnectionClosed();
  EXPECT_THAT(
      Collected(registry),
      testing::UnorderedElementsAre(
          testing::Pair(R"(bullmq_exporter_redis_commands_total{purpose="poll",redis="main"})", 7),
          testing::Pair(R"(bullmq_exporter_redis_sent_bytes_total{purpose="poll",redis="main"})",
                        100),
          testing::Pair(
              R"(bullmq_exporter_redis_received_bytes_total{purpose="poll",redis="main"})", 2000),
          testing::Pair(R"(bullmq_exporter_redis_connections{purpose="poll",redis="main"})", 1)));
}

TEST(RedisUsageTest, NamesItsPurpose) {
  EXPECT_EQ(RedisPurposeName(RedisPurpose::kPoll), "poll");
  EXPECT_EQ(RedisPurposeName(RedisPurpose::kDiscovery), "discovery");
  EXPECT_EQ(RedisPurposeName(RedisPurpose::kApi), "api");
}

TEST(RedisUsageTest, AnyTargetNameIsAValidLabelValue) {
  prometheus::Registry registry;
  RedisUsage usage(registry, "caf\xE9", RedisPurpose::kApi);
  for (const auto& [series, value] : Collected(registry)) {
    EXPECT_TRUE(IsValidUtf8(series)) << series;
    EXPECT_THAT(series, testing::HasSubstr(R"(redis="caf\xE9")"));
  }
}

}  // namespace
}  // namespace bullmq_exporter
