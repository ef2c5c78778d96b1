// What every RedisClient answers: one suite for the in-memory fake and for real servers, so that
// the fake stays honest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/redis_fixture.h"

namespace bullmq_exporter {
namespace {

TEST_P(RedisContractTest, Ping) {
  EXPECT_EQ(Run({"PING"}).text, "PONG");
  EXPECT_EQ(Run({"LPUSH", "l", "a", "b"}).integer, 2);
  EXPECT_EQ(Run({"LLEN", "l"}).integer, 2);
}

INSTANTIATE_TEST_SUITE_P(Every, RedisContractTest,
                         testing::Values(Backend::kFake, Backend::kRedis, Backend::kRedis62,
                                         Backend::kValkey),
                         BackendName);

}  // namespace
}  // namespace bullmq_exporter
