#include "exporter/instruments/registry.h"

#include <gtest/gtest.h>

#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

TEST(InstrumentsTest, TheSameNameGetsTheSameObject) {
  Instruments instruments;
  RedisUsage& poll = instruments.Redis("main", RedisPurpose::kPoll);
  EXPECT_EQ(&poll, &instruments.Redis("main", RedisPurpose::kPoll));
  EXPECT_NE(&poll, &instruments.Redis("main", RedisPurpose::kApi));
  EXPECT_NE(&poll, &instruments.Redis("other", RedisPurpose::kPoll));
  EXPECT_EQ(&instruments.Poll("main"), &instruments.Poll("main"));
  EXPECT_EQ(&instruments.Http("api"), &instruments.Http("api"));
  EXPECT_NE(&instruments.Http("api"), &instruments.Http("telemetry"));
}

TEST(InstrumentsTest, WhatWasCountedStays) {
  Instruments instruments;
  instruments.Redis("main", RedisPurpose::kPoll).CountCommands(5);
  instruments.Redis("main", RedisPurpose::kPoll).CountCommands(1);
  instruments.Redis("other", RedisPurpose::kPoll).CountCommands(2);
  const auto values = Collected(instruments.registry());
  EXPECT_EQ(values.at(R"(bullmq_exporter_redis_commands_total{purpose="poll",redis="main"})"), 6);
  EXPECT_EQ(values.at(R"(bullmq_exporter_redis_commands_total{purpose="poll",redis="other"})"), 2);
}

}  // namespace
}  // namespace bullmq_exporter
