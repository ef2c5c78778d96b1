// The published ACL files load on the servers that they are for, and allow what readers send, and
// no more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "exporter/instruments/registry.h"
#include "exporter/redis/hiredis_client.h"
#include "tests/contract/redis_fixture.h"
#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Command = std::vector<std::string>;

struct Case {
  ServerKind kind;
  const char* file;
};

std::string ServerName(const testing::TestParamInfo<Case>& info) {
  constexpr const char* kNames[] = {"Redis", "Redis62", "Valkey"};
  return kNames[static_cast<int>(info.param.kind)];
}

class AclTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!IsInstalled(GetParam().kind)) {
      GTEST_SKIP() << ServerProgram(GetParam().kind) << " is not installed";
    }
    ServerOptions options;
    options.kind = GetParam().kind;
    options.acl_file = std::string(BULLMQ_SOURCE_FOLDER "/config/") + GetParam().file;
    server_ = std::make_unique<RedisServer>(options);
    admin_ = std::make_unique<HiredisClient>(server_->config(), usage_);
    RedisConfig config = server_->config();
    config.username = "bullmq_exporter";
    config.password = "change-this-password";
    config.address.database = 1;
    exporter_ = std::make_unique<HiredisClient>(config, usage_);
  }

  static Reply Run(RedisClient& client, const Command& command) {
    Pipeline pipeline;
    const std::vector<std::string_view> args(command.begin(), command.end());
    pipeline.Add(Route::kKey, args);
    auto replies = client.Execute(pipeline, GenerousLimits());
    EXPECT_TRUE(replies) << (replies ? "" : replies.error().message);
    return replies ? std::move((*replies)[0]) : Reply();
  }

  Instruments instruments_;
  RedisUsage& usage_ = instruments_.Redis("test", RedisPurpose::kPoll);
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<HiredisClient> admin_;
  std::unique_ptr<HiredisClient> exporter_;
};

TEST_P(AclTest, AllowsEveryCommandThatReads) {
  for (const Command& command : std::vector<Command>{
           {"SELECT", "1"},
           {"RPUSH", "bull:q:wait", "1"},
           {"ZADD", "bull:q:failed", "1", "1"},
           {"HSET", "bull:q:1", "name", "n"},
           {"SADD", "bull:q:stalled", "1"},
           {"SET", "bull:q:id", "1"},
           {"XADD", "bull:q:events", "1-1", "event", "added"},
       }) {
    EXPECT_FALSE(Run(*admin_, command).is_error());
  }
  const std::vector<Command> reads = {
      {"PING"},
      {"INFO", "server"},
      {"SCAN", "0", "MATCH", "bull:*", "COUNT", "10"},
      {"TYPE", "bull:q:wait"},
      {"EXISTS", "bull:q:wait"},
      {"LLEN", "bull:q:wait"},
      {"LINDEX", "bull:q:wait", "-1"},
      {"LRANGE", "bull:q:wait", "0", "9"},
      {"LPOS", "bull:q:wait", "1", "MAXLEN", "1000"},
      {"ZCARD", "bull:q:failed"},
      {"ZCOUNT", "bull:q:failed", "-inf", "+inf"},
      {"ZRANGE", "bull:q:failed", "0", "9"},
      {"ZREVRANGE", "bull:q:failed", "0", "9"},
      {"ZRANGEBYSCORE", "bull:q:failed", "0", "1"},
      {"ZSCORE", "bull:q:failed", "1"},
      {"SCARD", "bull:q:stalled"},
      {"HLEN", "bull:q:1"},
      {"HGET", "bull:q:1", "name"},
      {"HMGET", "bull:q:1", "name", "data"},
      {"HSTRLEN", "bull:q:1", "data"},
      {"HGETALL", "bull:q:1"},
      {"GET", "bull:q:id"},
      {"STRLEN", "bull:q:id"},
      {"PTTL", "bull:q:limiter"},
      {"XLEN", "bull:q:events"},
      {"XRANGE", "bull:q:events", "-", "+", "COUNT", "1"},
      {"XREAD", "COUNT", "1", "STREAMS", "bull:q:events", "0-0"},
      {"XINFO", "STREAM", "bull:q:events"},
      {"CLIENT", "SETNAME", "bullmq_exporter"},
      {"CLIENT", "LIST"},
      {"TIME"},
  };
  for (const Command& command : reads) {
    const Reply reply = Run(*exporter_, command);
    EXPECT_FALSE(reply.is_error()) << command.front() << ": " << reply.text;
  }
  EXPECT_EQ(Show(Run(*admin_, {"ACL", "LOG"})), "[]");
}

TEST_P(AclTest, ForbidsWritesAndOtherKeys) {
  for (const Command& command : std::vector<Command>{
           {"SET", "bull:q:id", "1"},
           {"RPOP", "bull:q:wait"},
           {"LPUSH", "bull:q:wait", "1"},
           {"DEL", "bull:q:id"},
           {"EVAL", "return 1", "0"},
           {"CONFIG", "GET", "requirepass"},
           {"KEYS", "*"},
           {"FLUSHALL"},
           {"CLIENT", "KILL", "ID", "1"},
           {"SUBSCRIBE", "channel"},
           {"GET", "other:key"},
           {"TYPE", "other:key"},
       }) {
    EXPECT_THAT(Show(Run(*exporter_, command)), StartsWith("!NOPERM")) << command.front();
  }
}

TEST_P(AclTest, NamesItsConnectionAndUser) {
  Run(*exporter_, {"PING"});
  EXPECT_THAT(Run(*admin_, {"CLIENT", "LIST"}).text, HasSubstr("name=bullmq_exporter"));
  EXPECT_THAT(Run(*admin_, {"CLIENT", "LIST"}).text, HasSubstr("user=bullmq_exporter"));
}

INSTANTIATE_TEST_SUITE_P(Published, AclTest,
                         testing::Values(Case{ServerKind::kRedis, "redis-7.acl"},
                                         Case{ServerKind::kRedis62, "redis-6.2.acl"},
                                         Case{ServerKind::kValkey, "redis-7.acl"}),
                         ServerName);

}  // namespace
}  // namespace bullmq_exporter
