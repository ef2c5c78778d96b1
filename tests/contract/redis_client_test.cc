// What every RedisClient answers: one suite for the in-memory fake and for real servers, so that
// the fake stays honest. Every command that readers use is here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/contract/redis_fixture.h"
#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kWrongType =
    "!WRONGTYPE Operation against a key holding the wrong kind of value";
constexpr const char* kNotAnInteger = "!ERR value is not an integer or out of range";

TEST_P(RedisContractTest, AnswersEachCommandOfAPipelineInItsPlace) {
  Pipeline pipeline;
  pipeline.Add(Route::kKey, {"RPUSH", "list", "a", "b"});
  pipeline.Add(Route::kKey, {"HGET", "list", "x"});
  pipeline.Add(Route::kEachNode, {"PING"});
  pipeline.Add(Route::kKey, {"LRANGE", "list", "0", "-1"});
  const auto replies = client().Execute(pipeline, GenerousLimits());
  ASSERT_TRUE(replies) << replies.error().message;
  ASSERT_EQ(replies->size(), 4u);
  EXPECT_EQ(Show((*replies)[0]), "2");
  EXPECT_EQ(Show((*replies)[1]), kWrongType);
  EXPECT_EQ(ErrorOf((*replies)[1]).code, ErrorCode::kWrongType);
  EXPECT_EQ(Show((*replies)[2]), "\"PONG\"");
  EXPECT_EQ(Show((*replies)[3]), R"(["a", "b"])");
  ASSERT_EQ(replies->PerNode(2).size(), 1u);
}

TEST_P(RedisContractTest, AnEmptyPipelineHasNoReplies) {
  const auto replies = client().Execute({}, GenerousLimits());
  ASSERT_TRUE(replies);
  EXPECT_EQ(replies->size(), 0u);
}

TEST_P(RedisContractTest, ADeadlineThatHasPassedIsATimeout) {
  Pipeline pipeline;
  pipeline.Add(Route::kAnyNode, {"PING"});
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now();
  const auto replies = client().Execute(pipeline, limits);
  ASSERT_FALSE(replies);
  EXPECT_EQ(replies.error().code, ErrorCode::kTimeout);
}

TEST_P(RedisContractTest, MoreBytesThanAllowedAreTooLarge) {
  const std::string value(100'000, 'x');
  EXPECT_EQ(Show(Run({"SET", "big", value})), "\"OK\"");
  Pipeline pipeline;
  pipeline.Add(Route::kKey, {"GET", "big"});
  ExchangeLimits limits = GenerousLimits();
  limits.max_bytes = 50'000;
  const auto replies = client().Execute(pipeline, limits);
  ASSERT_FALSE(replies);
  EXPECT_EQ(replies.error().code, ErrorCode::kTooLarge);
}

TEST_P(RedisContractTest, ServerCommands) {
  EXPECT_EQ(Show(Run({"PING", "hello"})), "\"hello\"");
  EXPECT_THAT(Run({"INFO", "server"}).text, HasSubstr("redis_version:"));
  EXPECT_TRUE(Run({"CLIENT", "LIST"}).is_string());
  EXPECT_EQ(Show(Run({"CLIENT", "SETNAME", "somebody"})), "\"OK\"");
  const Reply time = Run({"TIME"});
  ASSERT_EQ(time.elements.size(), 2u);
  EXPECT_GT(time.elements[0].AsInteger(), 1'600'000'000);
  EXPECT_GE(time.elements[1].AsInteger(), 0);
  EXPECT_LT(time.elements[1].AsInteger(), 1'000'000);
}

TEST_P(RedisContractTest, Errors) {
  EXPECT_THAT(Show(Run({"NOSUCHCOMMAND", "x"})), StartsWith("!ERR unknown command"));
  RunSteps({
      {{"LLEN"}, "!ERR wrong number of arguments for 'llen' command"},
      {{"llen", "a", "b"}, "!ERR wrong number of arguments for 'llen' command"},
      {{"HSET", "h", "f"}, "!ERR wrong number of arguments for 'hset' command"},
      {{"HSET", "h", "f", "1", "g"}, "!ERR wrong number of arguments for 'hset' command"},
  });
}

TEST_P(RedisContractTest, KeysOfEveryType) {
  RunSteps({
      {{"SET", "string", "v"}, "\"OK\""},
      {{"RPUSH", "list", "a"}, "1"},
      {{"SADD", "set", "a"}, "1"},
      {{"HSET", "hash", "f", "v"}, "1"},
      {{"ZADD", "zset", "1", "a"}, "1"},
      {{"XADD", "stream", "1-1", "f", "v"}, "\"1-1\""},
      {{"TYPE", "string"}, "\"string\""},
      {{"TYPE", "list"}, "\"list\""},
      {{"TYPE", "set"}, "\"set\""},
      {{"TYPE", "hash"}, "\"hash\""},
      {{"TYPE", "zset"}, "\"zset\""},
      {{"TYPE", "stream"}, "\"stream\""},
      {{"TYPE", "nothing"}, "\"none\""},
      {{"EXISTS", "string", "list", "nothing", "list"}, "3"},
      {{"DEL", "string", "nothing"}, "1"},
      {{"EXISTS", "string"}, "0"},
      {{"RENAME", "list", "moved"}, "\"OK\""},
      {{"RENAME", "list", "moved"}, "!ERR no such key"},
      {{"LRANGE", "moved", "0", "-1"}, R"(["a"])"},
  });
}

TEST_P(RedisContractTest, WrongTypes) {
  RunSteps({{{"SET", "s", "v"}, "\"OK\""}, {{"RPUSH", "l", "v"}, "1"}});
  const std::vector<std::vector<std::string>> on_string = {
      {"LLEN", "s"},
      {"LINDEX", "s", "0"},
      {"LRANGE", "s", "0", "-1"},
      {"LPOS", "s", "x"},
      {"LPUSH", "s", "x"},
      {"RPUSH", "s", "x"},
      {"ZCARD", "s"},
      {"ZCOUNT", "s", "0", "1"},
      {"ZRANGE", "s", "0", "-1"},
      {"ZREVRANGE", "s", "0", "1"},
      {"ZRANGEBYSCORE", "s", "0", "1"},
      {"ZSCORE", "s", "x"},
      {"ZADD", "s", "1", "x"},
      {"SCARD", "s"},
      {"SADD", "s", "x"},
      {"HLEN", "s"},
      {"HGET", "s", "f"},
      {"HMGET", "s", "f"},
      {"HSTRLEN", "s", "f"},
      {"HGETALL", "s"},
      {"HSET", "s", "f", "v"},
      {"XLEN", "s"},
      {"XRANGE", "s", "-", "+"},
      {"XINFO", "STREAM", "s"},
      {"XADD", "s", "*", "f", "v"},
      {"GET", "l"},
      {"STRLEN", "l"},
  };
  for (const auto& args : on_string) RunSteps({{args, kWrongType}});
}

TEST_P(RedisContractTest, Strings) {
  RunSteps({
      {{"GET", "k"}, "nil"},
      {{"STRLEN", "k"}, "0"},
      {{"PTTL", "k"}, "-2"},
      {{"SET", "k", "value"}, "\"OK\""},
      {{"GET", "k"}, "\"value\""},
      {{"STRLEN", "k"}, "5"},
      {{"PTTL", "k"}, "-1"},
      {{"PEXPIRE", "k", "x"}, kNotAnInteger},
      {{"PEXPIRE", "nothing", "1000"}, "0"},
      {{"PEXPIRE", "k", "100000"}, "1"},
  });
  const auto left = Run({"PTTL", "k"}).integer;
  EXPECT_GT(left, 0);
  EXPECT_LE(left, 100'000);
  EXPECT_EQ(Show(Run({"SET", "k", "again", "PX", "50000"})), "\"OK\"");
  EXPECT_GT(Run({"PTTL", "k"}).integer, 0);
  EXPECT_EQ(Show(Run({"SET", "k", "for ever"})), "\"OK\"");
  EXPECT_EQ(Show(Run({"PTTL", "k"})), "-1");
}

TEST_P(RedisContractTest, Lists) {
  RunSteps({
      {{"LLEN", "l"}, "0"},
      {{"LINDEX", "l", "0"}, "nil"},
      {{"LRANGE", "l", "0", "-1"}, "[]"},
      {{"LPOS", "l", "a"}, "nil"},
      {{"LPOS", "l", "a", "COUNT", "2"}, "[]"},
      {{"RPUSH", "l", "b", "c"}, "2"},
      {{"LPUSH", "l", "a", "0:1"}, "4"},  // the last one given stands first
      {{"LLEN", "l"}, "4"},
      {{"LRANGE", "l", "0", "-1"}, R"(["0:1", "a", "b", "c"])"},
      {{"LRANGE", "l", "1", "2"}, R"(["a", "b"])"},
      {{"LRANGE", "l", "-2", "100"}, R"(["b", "c"])"},
      {{"LRANGE", "l", "-100", "0"}, R"(["0:1"])"},
      {{"LRANGE", "l", "3", "1"}, "[]"},
      {{"LRANGE", "l", "10", "20"}, "[]"},
      {{"LRANGE", "l", "x", "1"}, kNotAnInteger},
      {{"LINDEX", "l", "-1"}, "\"c\""},
      {{"LINDEX", "l", "0"}, "\"0:1\""},
      {{"LINDEX", "l", "4"}, "nil"},
      {{"LINDEX", "l", "-5"}, "nil"},
      {{"LINDEX", "l", "x"}, kNotAnInteger},
      {{"LREM", "l", "0", "0:1"}, "1"},
      {{"LREM", "l", "0", "nothing"}, "0"},
  });
}

TEST_P(RedisContractTest, Lpos) {
  RunSteps({
      {{"RPUSH", "l", "a", "b", "a", "c", "a"}, "5"},
      {{"LPOS", "l", "a"}, "0"},
      {{"LPOS", "l", "c"}, "3"},
      {{"LPOS", "l", "x"}, "nil"},
      {{"LPOS", "l", "a", "RANK", "2"}, "2"},
      {{"LPOS", "l", "a", "RANK", "-1"}, "4"},
      {{"LPOS", "l", "a", "RANK", "-2"}, "2"},
      {{"LPOS", "l", "a", "COUNT", "0"}, "[0, 2, 4]"},
      {{"LPOS", "l", "a", "COUNT", "2"}, "[0, 2]"},
      {{"LPOS", "l", "a", "COUNT", "2", "RANK", "-1"}, "[4, 2]"},
      {{"LPOS", "l", "c", "MAXLEN", "3"}, "nil"},
      {{"LPOS", "l", "c", "MAXLEN", "4"}, "3"},
      {{"LPOS", "l", "a", "COUNT", "0", "MAXLEN", "3"}, "[0, 2]"},
      {{"LPOS", "l", "a", "RANK", "-1", "MAXLEN", "1"}, "4"},
      {{"LPOS", "l", "a", "COUNT", "-1"}, "!ERR COUNT can't be negative"},
      {{"LPOS", "l", "a", "MAXLEN", "-1"}, "!ERR MAXLEN can't be negative"},
      {{"LPOS", "l", "a", "NONSENSE", "1"}, "!ERR syntax error"},
  });
  EXPECT_THAT(Show(Run({"LPOS", "l", "a", "RANK", "0"})), StartsWith("!ERR RANK can't be zero"));
}

TEST_P(RedisContractTest, Sets) {
  RunSteps({
      {{"SCARD", "s"}, "0"},
      {{"SADD", "s", "a", "b", "a"}, "2"},
      {{"SADD", "s", "b", "c"}, "1"},
      {{"SCARD", "s"}, "3"},
  });
}

TEST_P(RedisContractTest, Hashes) {
  RunSteps({
      {{"HLEN", "h"}, "0"},
      {{"HGET", "h", "a"}, "nil"},
      {{"HMGET", "h", "a", "b"}, "[nil, nil]"},
      {{"HSTRLEN", "h", "a"}, "0"},
      {{"HGETALL", "h"}, "[]"},
      {{"HSET", "h", "a", "1", "b", "two"}, "2"},
      {{"HSET", "h", "b", "2", "c", ""}, "1"},
      {{"HLEN", "h"}, "3"},
      {{"HGET", "h", "b"}, "\"2\""},
      {{"HGET", "h", "x"}, "nil"},
      {{"HMGET", "h", "c", "x", "a"}, R"(["", nil, "1"])"},
      {{"HSTRLEN", "h", "a"}, "1"},
      {{"HSTRLEN", "h", "c"}, "0"},
      {{"HSTRLEN", "h", "x"}, "0"},
      {{"HGETALL", "h"}, R"(["a", "1", "b", "2", "c", ""])"},
      {{"HDEL", "h", "a", "x"}, "1"},
      {{"HDEL", "h", "b", "c"}, "2"},
      {{"EXISTS", "h"}, "0"},
  });
}

TEST_P(RedisContractTest, SortedSetsByIndex) {
  RunSteps({
      {{"ZCARD", "z"}, "0"},
      {{"ZSCORE", "z", "a"}, "nil"},
      {{"ZRANGE", "z", "0", "-1"}, "[]"},
      {{"ZREVRANGE", "z", "0", "-1", "WITHSCORES"}, "[]"},
      {{"ZADD", "z", "3", "c", "1", "a", "2", "b", "2", "B"}, "4"},
      {{"ZADD", "z", "4", "c"}, "0"},
      {{"ZADD", "z", "x", "d"}, "!ERR value is not a valid float"},
      {{"ZCARD", "z"}, "4"},
      {{"ZRANGE", "z", "0", "-1"}, R"(["a", "B", "b", "c"])"},
      {{"ZRANGE", "z", "0", "0", "WITHSCORES"}, R"(["a", "1"])"},
      {{"ZRANGE", "z", "-1", "-1", "WITHSCORES"}, R"(["c", "4"])"},
      {{"ZRANGE", "z", "0", "1", "REV"}, R"(["c", "b"])"},
      {{"ZRANGE", "z", "5", "9"}, "[]"},
      {{"ZRANGE", "z", "x", "9"}, kNotAnInteger},
      {{"ZREVRANGE", "z", "0", "1", "WITHSCORES"}, R"(["c", "4", "b", "2"])"},
      {{"ZREVRANGE", "z", "1", "-1"}, R"(["b", "B", "a"])"},
      {{"ZSCORE", "z", "b"}, "\"2\""},
      {{"ZSCORE", "z", "x"}, "nil"},
      {{"ZREM", "z", "a", "B", "x"}, "2"},
      {{"ZREM", "z", "b", "c"}, "2"},
      {{"EXISTS", "z"}, "0"},
  });
}

TEST_P(RedisContractTest, SortedSetsByScore) {
  RunSteps({
      {{"ZCOUNT", "z", "-inf", "+inf"}, "0"},
      {{"ZRANGEBYSCORE", "z", "-inf", "+inf"}, "[]"},
      {{"ZADD", "z", "1", "a", "2", "b", "2.5", "c", "7000000000000000", "d"}, "4"},
      {{"ZCOUNT", "z", "-inf", "+inf"}, "4"},
      {{"ZCOUNT", "z", "1", "2"}, "2"},
      {{"ZCOUNT", "z", "(1", "(2.5"}, "1"},
      {{"ZCOUNT", "z", "5", "1"}, "0"},
      {{"ZCOUNT", "z", "x", "1"}, "!ERR min or max is not a float"},
      {{"ZRANGEBYSCORE", "z", "2", "inf", "WITHSCORES"},
       R"(["b", "2", "c", "2.5", "d", "7000000000000000"])"},
      {{"ZRANGEBYSCORE", "z", "-inf", "(2"}, R"(["a"])"},
      {{"ZRANGEBYSCORE", "z", "-inf", "inf", "LIMIT", "1", "2"}, R"(["b", "c"])"},
      {{"ZRANGEBYSCORE", "z", "-inf", "inf", "WITHSCORES", "LIMIT", "3", "-1"},
       R"(["d", "7000000000000000"])"},
      {{"ZRANGEBYSCORE", "z", "-inf", "inf", "LIMIT", "9", "2"}, "[]"},
      {{"ZRANGEBYSCORE", "z", "x", "inf"}, "!ERR min or max is not a float"},
      {{"ZRANGE", "z", "2", "(3", "BYSCORE"}, R"(["b", "c"])"},
      {{"ZRANGE", "z", "inf", "2", "BYSCORE", "REV", "LIMIT", "0", "2"}, R"(["d", "c"])"},
      {{"ZRANGE", "z", "0", "-1", "NONSENSE"}, "!ERR syntax error"},
      {{"ZRANGE", "z", "0", "-1", "LIMIT", "0", "1"},
       "!ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"},
      {{"ZADD", "infinite", "-inf", "a", "inf", "b"}, "2"},
      {{"ZRANGE", "infinite", "0", "-1", "WITHSCORES"}, R"(["a", "-inf", "b", "inf"])"},
  });
}

TEST_P(RedisContractTest, Streams) {
  RunSteps({
      {{"XLEN", "x"}, "0"},
      {{"XRANGE", "x", "-", "+"}, "[]"},
      {{"XINFO", "STREAM", "x"}, "!ERR no such key"},
      {{"XADD", "x", "5-1", "event", "added", "jobId", "1"}, "\"5-1\""},
      {{"XADD", "x", "5-2", "event", "waiting"}, "\"5-2\""},
      {{"XADD", "x", "7", "event", "active"}, "\"7-0\""},
      {{"XADD", "x", "6-0", "event", "late"},
       "!ERR The ID specified in XADD is equal or smaller than the target stream top item"},
      {{"XADD", "x", "8", "event"}, "!ERR wrong number of arguments for 'xadd' command"},
      {{"XLEN", "x"}, "3"},
      {{"XRANGE", "x", "-", "+", "COUNT", "1"}, R"([["5-1", ["event", "added", "jobId", "1"]]])"},
      {{"XRANGE", "x", "(5-1", "5"}, R"([["5-2", ["event", "waiting"]]])"},
      {{"XRANGE", "x", "6", "+"}, R"([["7-0", ["event", "active"]]])"},
      {{"XREAD", "COUNT", "1", "STREAMS", "x", "5-1"},
       R"([["x", [["5-2", ["event", "waiting"]]]]])"},
      {{"XREAD", "COUNT", "1", "STREAMS", "x", "6"}, R"([["x", [["7-0", ["event", "active"]]]]])"},
      {{"XREAD", "COUNT", "1", "STREAMS", "x", "7"}, "nil"},
      {{"XREAD", "COUNT", "1", "STREAMS", "y", "0"}, "nil"},
      {{"XREAD", "COUNT", "1", "STREAMS", "x", "nonsense"},
       "!ERR Invalid stream ID specified as stream command argument"},
      {{"XREAD", "COUNT", "x", "STREAMS", "x", "0"},
       "!ERR value is not an integer or out of range"},
      {{"XRANGE", "x", "nonsense", "+"},
       "!ERR Invalid stream ID specified as stream command argument"},
      {{"XRANGE", "x", "-", "+", "NONSENSE", "1"}, "!ERR syntax error"},
      {{"XADD", "x", "MAXLEN", "2", "9-1", "event", "completed"}, "\"9-1\""},
      {{"XRANGE", "x", "-", "+"},
       R"([["7-0", ["event", "active"]], ["9-1", ["event", "completed"]]])"},
  });
  EXPECT_THAT(Run({"XADD", "x", "*", "event", "drained"}).text, HasSubstr("-0"));
}

// The field of XINFO STREAM, which is a flat list of names and values.
std::string XinfoField(const Reply& info, std::string_view name) {
  for (std::size_t i = 0; i + 1 < info.elements.size(); i += 2) {
    if (info.elements[i].text == name) return Show(info.elements[i + 1]);
  }
  return "absent";
}

TEST_P(RedisContractTest, XinfoStream) {
  for (const char* id : {"1-1", "2-1", "3-1"}) Run({"XADD", "x", "MAXLEN", "2", id, "f", "v"});
  const Reply info = Run({"XINFO", "STREAM", "x"});
  EXPECT_EQ(XinfoField(info, "length"), "2");
  EXPECT_EQ(XinfoField(info, "last-generated-id"), "\"3-1\"");
  EXPECT_EQ(XinfoField(info, "first-entry"), R"(["2-1", ["f", "v"]])");
  EXPECT_EQ(XinfoField(info, "last-entry"), R"(["3-1", ["f", "v"]])");
  // Not in Redis 6.2.
  EXPECT_EQ(XinfoField(info, "entries-added"), GetParam() == Backend::kRedis62 ? "absent" : "3");
}

TEST_P(RedisContractTest, AnyBytesInNamesAndValues) {
  using namespace std::string_literals;
  const std::string key = "bull:a\0b\r\n\"\xff\xf0\x9f\x90\x82:wait"s;
  const std::string value = "*1\r\n$1\r\n\0\xc3"s;
  RunSteps({
      {{"RPUSH", key, value}, "1"},
      {{"LINDEX", key, "0"}, R"("*1\x0d\x0a$1\x0d\x0a\x00\xc3")"},
      {{"HSET", "h", value, key}, "1"},
      {{"HGET", "h", value}, R"("bull:a\x00b\x0d\x0a"\xff\xf0\x9f\x90\x82:wait")"},
      {{"SCAN", "0", "MATCH", "bull:*", "COUNT", "100"},
       R"(["0", ["bull:a\x00b\x0d\x0a"\xff\xf0\x9f\x90\x82:wait"]])"},
  });
}

class RedisScanContractTest : public RedisContractTest {
 protected:
  // All keys of a whole pass, with a command run after the first call.
  std::multiset<std::string> Scan(std::vector<std::string_view> options,
                                  const std::vector<std::string_view>& in_between = {}) {
    std::multiset<std::string> keys;
    std::string cursor = "0";
    bool first = true;
    do {
      std::vector<std::string_view> args = {"SCAN", cursor};
      args.insert(args.end(), options.begin(), options.end());
      const Reply reply = Run(args);
      EXPECT_EQ(reply.elements.size(), 2u) << Show(reply);
      if (reply.elements.size() != 2) return keys;
      cursor = reply.elements[0].text;
      for (const Reply& key : reply.elements[1].elements) keys.insert(key.text);
      if (first && !in_between.empty()) Run(in_between);
      first = false;
    } while (cursor != "0");
    return keys;
  }
};

TEST_P(RedisScanContractTest, MeetsEveryKey) {
  std::set<std::string> names;
  for (int i = 0; i < 500; ++i) {
    const std::string name = "bull:q" + std::to_string(i) + ":meta";
    names.insert(name);
    Run({"HSET", name, "version", "5"});
    Run({"SET", "other:" + std::to_string(i), "x"});
  }
  for (const char* count : {"1", "10", "1000"}) {
    const auto found = Scan({"MATCH", "bull:*:meta", "COUNT", count}, {"SET", "bull:new", "x"});
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), names) << count;
  }
  EXPECT_EQ(Scan({"TYPE", "hash"}).size(), 500u);
  EXPECT_EQ(Scan({"MATCH", "bull:*", "TYPE", "string"}).size(), 1u);
  EXPECT_EQ(Scan({}).size(), 1001u);
}

TEST_P(RedisScanContractTest, Patterns) {
  for (const char* key : {"a*b", "axb", "a?b", "a[1]b", "a1b", "a\\b", "{t}:a", "a-b"}) {
    Run({"SET", key, "x"});
  }
  const auto found = [&](std::string_view pattern) {
    const auto keys = Scan({"MATCH", pattern});
    return std::set<std::string>(keys.begin(), keys.end());
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(found("a*b").size(), 7u);
  EXPECT_EQ(found("a?b"), (Names{"a*b", "axb", "a?b", "a1b", "a\\b", "a-b"}));
  EXPECT_EQ(found("a\\*b"), Names{"a*b"});
  EXPECT_EQ(found("a\\?b"), Names{"a?b"});
  EXPECT_EQ(found("a\\[1]b"), Names{"a[1]b"});
  EXPECT_EQ(found("a\\\\b"), Names{"a\\b"});
  EXPECT_EQ(found("a[1x]b"), (Names{"a1b", "axb"}));
  EXPECT_EQ(found("a[^1x]b"), (Names{"a*b", "a?b", "a\\b", "a-b"}));
  EXPECT_EQ(found("a[0-9]b"), Names{"a1b"});
  EXPECT_EQ(found("{t}:*"), Names{"{t}:a"});
}

TEST_P(RedisScanContractTest, Errors) {
  RunSteps({
      {{"SCAN", "x"}, "!ERR invalid cursor"},
      {{"SCAN", "0", "COUNT", "x"}, kNotAnInteger},
      {{"SCAN", "0", "COUNT", "0"}, "!ERR syntax error"},
      {{"SCAN", "0", "NONSENSE", "1"}, "!ERR syntax error"},
      {{"SCAN", "0", "MATCH"}, "!ERR syntax error"},
  });
}

const auto kEvery =
    testing::Values(Backend::kFake, Backend::kRedis, Backend::kRedis62, Backend::kValkey);
INSTANTIATE_TEST_SUITE_P(Every, RedisContractTest, kEvery, BackendName);
INSTANTIATE_TEST_SUITE_P(Every, RedisScanContractTest, kEvery, BackendName);

}  // namespace
}  // namespace bullmq_exporter
