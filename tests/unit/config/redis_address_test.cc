#include "exporter/config/redis_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;
using testing::Not;
using Scheme = RedisAddress::Scheme;

struct Valid {
  std::string text;
  Scheme scheme;
  std::string endpoint;
  int database = 0;
  std::string username = "";
  std::string password = "";
};

TEST(RedisAddressTest, AcceptsEveryForm) {
  const Valid cases[] = {
      {"redis://localhost", Scheme::kTcp, "localhost:6379"},
      {"redis://127.0.0.1:6380/", Scheme::kTcp, "127.0.0.1:6380"},
      {"RediSS://redis.example.com:65535/15", Scheme::kTls, "redis.example.com:65535", 15},
      {"redis://[::1]", Scheme::kTcp, "[::1]:6379"},
      {"redis://[2001:db8::1]:1/2", Scheme::kTcp, "[2001:db8::1]:1", 2},
      {"redis://[fe80::1%25eth0]:1", Scheme::kTcp, "[fe80::1%eth0]:1"},
      {"redis://:secret@my_host", Scheme::kTcp, "my_host:6379", 0, "", "secret"},
      {"redis://joe@h", Scheme::kTcp, "h:6379", 0, "joe", ""},
      {"redis://joe:a:b@c@h/3", Scheme::kTcp, "h:6379", 3, "joe", "a:b@c"},
      {"redis://j%6fe:%2F%3f%25%40%00@h", Scheme::kTcp, "h:6379", 0, "joe",
       std::string("/?%@\0", 5)},
      {"unix:///run/redis.sock", Scheme::kUnix, "/run/redis.sock"},
      {"unix://joe:pw@/run/a%20b.sock?db=4", Scheme::kUnix, "/run/a b.sock", 4, "joe", "pw"},
  };
  for (const Valid& c : cases) {
    const auto config = ParseRedisAddress(c.text);
    ASSERT_TRUE(config) << c.text << ": " << config.error().message;
    EXPECT_EQ(config->address.scheme, c.scheme) << c.text;
    EXPECT_EQ(Endpoint(config->address), c.endpoint) << c.text;
    EXPECT_EQ(config->address.database, c.database) << c.text;
    EXPECT_EQ(config->username, c.username) << c.text;
    EXPECT_EQ(config->password, c.password) << c.text;
  }
}

TEST(RedisAddressTest, SaysWhatIsWrong) {
  const struct {
    std::string text;
    std::string message;
  } cases[] = {
      {"", "must begin with"},
      {"localhost:6379", "must begin with"},
      {"http://h", "must begin with"},
      {"redis+sentinel://h", "must begin with"},
      {"redis:/h", "must begin with"},
      {"redis://", "names no host"},
      {"redis:///0", "names no host"},
      {"redis://joe:pw@", "names no host"},
      {"redis://:6379", "names no host"},
      {"redis://h:", "the port must be"},
      {"redis://h:0", "the port must be"},
      {"redis://h:65536", "the port must be"},
      {"redis://h:-1", "the port must be"},
      {"redis://h:6379x", "the port must be"},
      {"redis://[::1]x", "the port must be"},
      {"redis://::1", "must stand in brackets"},
      {"redis://[::1", "not closed"},
      {"redis://[localhost]", "not an IPv6 address"},
      {"redis://a:1,b:2", "not a list"},
      {"redis://a b", "no host name has"},
      {"redis://h/x", "the database must be"},
      {"redis://h/-1", "the database must be"},
      {"redis://h/1/2", "the database must be"},
      {"redis://h/99999999999", "the database must be"},
      {"redis://h/0?timeout=1", "nothing may follow"},
      {"redis://h?db=1", "nothing may follow"},
      {"redis://h#x", "nothing may follow"},
      {"redis://:a%zzb@h", "% must be followed"},
      {"redis://:a%2@h", "% must be followed"},
      {"redis://:a/b@h", "must be percent-encoded"},
      {"unix://run/redis.sock", "absolute path"},
      {"unix://", "absolute path"},
      {"unix:///s?x=1", "only ?db=N"},
      {"unix:///s?db=", "the database must be"},
      {"unix:///" + std::string(107, 'x'), "at most 107 bytes"},
      {"unix:///a%00b", "no NUL"},
  };
  for (const auto& c : cases) {
    const auto config = ParseRedisAddress(c.text);
    ASSERT_FALSE(config) << c.text;
    EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument) << c.text;
    EXPECT_THAT(config.error().message, HasSubstr(c.message)) << c.text;
  }
}

TEST(RedisAddressTest, NeverQuotesThePassword) {
  for (const char* text :
       {"redis://:s3cret/x@h", "redis://:s3cret", "redis://s3cret%@h", "redis://u:s3cret@h:x",
        "rediss://u:s3cret@h/0?x", "unix://u:s3cret@x", "s3cret://h", "redis://h/s3cret"}) {
    const auto config = ParseRedisAddress(text);
    ASSERT_FALSE(config) << text;
    EXPECT_THAT(config.error().message, Not(HasSubstr("s3cret"))) << text;
  }
}

}  // namespace
}  // namespace bullmq_exporter
