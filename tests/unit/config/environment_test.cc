#include "exporter/config/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(EnvironmentTest, ReadsTheBlock) {
  const char* block[] = {"A=1", "B=x=y", "C=", "odd", "A=2", nullptr};
  EXPECT_THAT(ReadEnvironment(block), ElementsAre(Pair("A", "1"), Pair("B", "x=y"), Pair("C", "")));
  EXPECT_THAT(ReadEnvironment(nullptr), IsEmpty());
}

TEST(EnvironmentTest, EachFlagHasItsVariable) {
  for (const Flag& flag : Flags()) {
    const std::string variable = EnvironmentName(flag.name);
    EXPECT_THAT(FlagsFromEnvironment({{variable, "x"}}),
                ElementsAre(Pair(flag.name, ElementsAre("x"))));
    EXPECT_THAT(FlagsFromEnvironment({{variable, ""}}), IsEmpty());
  }
  EXPECT_EQ(EnvironmentName("redis.tls-insecure-skip-verify"),
            "BULLMQ_EXPORTER_REDIS_TLS_INSECURE_SKIP_VERIFY");
  EXPECT_EQ(EnvironmentName("no-discovery"), "BULLMQ_EXPORTER_NO_DISCOVERY");
}

TEST(EnvironmentTest, OpenArchiversRedis) {
  EXPECT_EQ(OpenArchiverRedis({{"REDIS_PORT", "1"}}).value(), std::nullopt);
  EXPECT_EQ(OpenArchiverRedis({{"REDIS_HOST", ""}}).value(), std::nullopt);
  const auto plain = OpenArchiverRedis({{"REDIS_HOST", "h"}}).value();
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->address.scheme, RedisAddress::Scheme::kTcp);
  EXPECT_EQ(plain->address.port, 6379);
  EXPECT_EQ(plain->username, "");
  const auto kubernetes =
      OpenArchiverRedis({{"REDIS_HOST", "h"}, {"REDIS_PORT", "tcp://10.0.0.5:7000"}}).value();
  EXPECT_EQ(kubernetes->address.port, 6379);
  for (const char* off : {"", "false", "0"}) {
    EXPECT_EQ(OpenArchiverRedis({{"REDIS_HOST", "h"}, {"REDIS_TLS_ENABLED", off}})
                  .value()
                  ->address.scheme,
              RedisAddress::Scheme::kTcp);
  }
}

TEST(EnvironmentTest, OpenArchiversMistakesAreNamed) {
  const struct {
    Environment environment;
    const char* message;
  } cases[] = {
      {{{"REDIS_HOST", "h"}, {"REDIS_PORT", "0"}},
       "REDIS_PORT: \"0\" is not a port from 1 to 65535"},
      {{{"REDIS_HOST", "h"}, {"REDIS_PORT", "65536"}},
       "REDIS_PORT: \"65536\" is not a port from 1 to 65535"},
      {{{"REDIS_HOST", "h"}, {"REDIS_TLS_ENABLED", "maybe"}},
       "REDIS_TLS_ENABLED: \"maybe\" is not true or false"},
      {{{"REDIS_HOST", "redis://:sesame@h"}},
       "REDIS_HOST: is not the name or address of a host; for a URL there is "
       "BULLMQ_EXPORTER_REDIS_ADDR"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(OpenArchiverRedis(c.environment).error().message, c.message);
  }
}

TEST(EnvironmentTest, OnlyWhatIsNearIsTakenForAMistake) {
  EXPECT_THAT(MistypedVariables({{"BULLMQ_EXPORTER_REDIS_ADDRESS", "x"},
                                 {"BULLMQ_EXPORTER_POLL_INTERVAL", "x"},
                                 {"BULLMQ_EXPORTER_PORT_9538_TCP_ADDR", "x"},
                                 {"BULLMQ_EXPORTER_SERVICE_PORT_METRICS", "x"},
                                 {"BULLMQ_EXPORTR_POLL_INTERVAL", "x"}}),
              ElementsAre(Pair("BULLMQ_EXPORTER_REDIS_ADDRESS", "BULLMQ_EXPORTER_REDIS_ADDR")));
}

}  // namespace
}  // namespace bullmq_exporter
