// The client against a real server: logging in, its limits, its failures and its recovery.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>
#include <thread>

#include "exporter/instruments/registry.h"
#include "exporter/redis/hiredis_client.h"
#include "tests/contract/redis_fixture.h"
#include "tests/support/fake_redis.h"
#include "tests/support/scripted_server.h"

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class RealServerTest : public testing::Test {
 protected:
  using Command = std::vector<std::string_view>;

  static Result<Reply> Execute(RedisClient& client, const Command& command,
                               ExchangeLimits limits = GenerousLimits()) {
    Pipeline pipeline;
    pipeline.Add(Route::kKey, command);
    return client.Execute(pipeline, limits).map([](Replies replies) {
      return std::move(replies[0]);
    });
  }

  // As Show; a failure of the exchange as `failed: label`.
  static std::string Run(RedisClient& client, const Command& command,
                         ExchangeLimits limits = GenerousLimits()) {
    const auto reply = Execute(client, command, limits);
    return reply ? Show(*reply) : "failed: " + std::string(ErrorLabel(reply.error().code));
  }

  // Runs it after each backoff until it gives `reply`.
  static void RunUntil(RedisClient& client, const Command& command, std::string_view reply) {
    const auto deadline = SteadyClock::now() + 60s;
    while (Run(client, command) != reply) {
      ASSERT_LT(SteadyClock::now(), deadline) << reply;
      std::this_thread::sleep_until(client.NextAttempt());
    }
  }

  static ExchangeLimits Short() {
    ExchangeLimits limits;
    limits.deadline = SteadyClock::now() + 50ms;
    return limits;
  }

  // The sum of one family of the client's instruments.
  double Counted(std::string_view family_name) const {
    double sum = 0;
    for (const auto& family : instruments_.registry().Collect()) {
      if (family.name != family_name) continue;
      for (const auto& metric : family.metric) sum += metric.counter.value + metric.gauge.value;
    }
    return sum;
  }

  Instruments instruments_;
  RedisUsage& usage_ = instruments_.Redis("test", RedisPurpose::kPoll);
};

TEST_F(RealServerTest, UnixSocket) {
  const RedisServer server;
  HiredisClient client(server.socket_config(), usage_);
  EXPECT_EQ(client.Address(), server.socket_path());
  EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");
}

TEST_F(RealServerTest, Passwords) {
  ServerOptions options;
  options.password = "right";
  const RedisServer server(options);
  RedisConfig config = server.config();
  {
    HiredisClient client(config, usage_);
    EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");
    EXPECT_EQ(Run(client, {"ACL", "SETUSER", "joe", "on", ">joes", "~*", "+@all"}), "\"OK\"");
  }
  config.username = "joe";
  config.password = "joes";
  HiredisClient joe(config, usage_);
  EXPECT_EQ(Run(joe, {"ACL", "WHOAMI"}), "\"joe\"");
  for (const char* wrong : {"", "s3cret"}) {
    for (const char* user : {"", "joe", "nobody"}) {
      config.username = user;
      config.password = wrong;
      HiredisClient client(config, usage_);
      const auto reply = Execute(client, {"PING"});
      ASSERT_FALSE(reply);
      EXPECT_EQ(reply.error().code, ErrorCode::kAuth) << reply.error().message;
      EXPECT_THAT(reply.error().message, HasSubstr(client.Address()));
      EXPECT_THAT(reply.error().message, Not(HasSubstr("s3cret")));
    }
  }
}

TEST_F(RealServerTest, APasswordThatTheServerDoesNotWantIsAnError) {
  const RedisServer server;
  RedisConfig config = server.config();
  config.password = "unwanted";
  HiredisClient client(config, usage_);
  EXPECT_EQ(Run(client, {"PING"}), "failed: auth");
}

TEST_F(RealServerTest, ThePasswordFileIsReadAtEachConnect) {
  const TemporaryFolder folder;
  ServerOptions options;
  options.password = "old";
  const RedisServer server(options);
  HiredisClient admin(server.config(), usage_);
  RedisConfig config = server.config();
  config.password = "ignored";
  config.password_file = folder.Write("password", "old\n");
  HiredisClient client(config, usage_);
  EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");

  EXPECT_EQ(Run(admin, {"CONFIG", "SET", "requirepass", "new"}), "\"OK\"");
  EXPECT_EQ(Run(admin, {"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}), "1");
  EXPECT_EQ(Run(client, {"PING"}), "failed: auth");
  folder.Write("password", "new\n");
  RunUntil(client, {"PING"}, "\"PONG\"");

  std::filesystem::remove(config.password_file);
  EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");  // connected as it is
}

TEST_F(RealServerTest, Databases) {
  const RedisServer server;
  RedisConfig config = server.config();
  config.address.database = 3;
  HiredisClient third(config, usage_);
  EXPECT_EQ(Run(third, {"SET", "k", "v"}), "\"OK\"");
  HiredisClient first(server.config(), usage_);
  EXPECT_EQ(Run(first, {"GET", "k"}), "nil");
  EXPECT_EQ(Run(first, {"SELECT", "3"}), "\"OK\"");
  EXPECT_EQ(Run(first, {"GET", "k"}), "\"v\"");
  config.address.database = 99;
  HiredisClient absent(config, usage_);
  const auto reply = Execute(absent, {"PING"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kDatabase);
  EXPECT_THAT(reply.error().message, HasSubstr("SELECT: ERR DB index is out of range"));
}

TEST_F(RealServerTest, AFullServer) {
  ServerOptions options;
  options.arguments = {"--maxclients", "1"};
  const RedisServer server(options);
  auto first = std::make_unique<HiredisClient>(server.config(), usage_);
  RunUntil(*first, {"PING"}, "\"PONG\"");  // the look whether it runs counts until it is closed
  HiredisClient second(server.config(), usage_);
  EXPECT_EQ(Run(second, {"PING"}), "failed: max_clients");
  first.reset();
  RunUntil(second, {"PING"}, "\"PONG\"");
}

TEST_F(RealServerTest, AServerThatStandsStill) {
  RedisServer server;
  HiredisClient connected(server.config(), usage_);
  HiredisClient fresh(server.config(), usage_);
  EXPECT_EQ(Run(connected, {"PING"}), "\"PONG\"");
  server.Pause();
  EXPECT_EQ(Run(connected, {"PING"}, Short()), "failed: timeout");
  EXPECT_EQ(Run(fresh, {"PING"}, Short()), "failed: timeout");
  server.Resume();
  RunUntil(connected, {"PING"}, "\"PONG\"");
  RunUntil(fresh, {"PING"}, "\"PONG\"");
}

TEST_F(RealServerTest, AServerThatIsKilledAndComesBack) {
  RedisServer server;
  HiredisClient client(server.config(), usage_);
  for (int round = 0; round < 3; ++round) {
    RunUntil(client, {"PING"}, "\"PONG\"");
    server.Stop();
    EXPECT_EQ(Run(client, {"PING"}), "failed: connect");
    server.Restart();
  }
  RunUntil(client, {"PING"}, "\"PONG\"");
}

TEST_F(RealServerTest, AScriptThatBlocksTheServer) {
  ServerOptions options;
  options.arguments = {"--lua-time-limit", "1"};
  const RedisServer server(options);
  HiredisClient client(server.config(), usage_);
  EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");
  std::thread script([&] {
    HiredisClient blocker(server.config(), usage_);
    (void)Execute(blocker, {"EVAL", "while true do end", "0"});
  });
  RunUntil(client, {"GET", "k"}, "failed: busy");
  EXPECT_EQ(Run(client, {"SCRIPT", "KILL"}), "\"OK\"");  // on the same connection
  script.join();
  EXPECT_EQ(Run(client, {"GET", "k"}), "nil");
}

TEST_F(RealServerTest, AReplicaWithoutItsMaster) {
  std::uint16_t nobody = 0;
  { const FileDescriptor closed_at_once = ListenOnFreePort(1, nobody); }
  ServerOptions options;
  options.arguments = {"--replicaof", "127.0.0.1 " + std::to_string(nobody),
                       "--replica-serve-stale-data", "no"};
  const RedisServer server(options);
  HiredisClient client(server.config(), usage_);
  EXPECT_EQ(Run(client, {"GET", "k"}), "failed: readonly_broken_link");
}

// Neither side reads while it writes, if they do not take turns, and both would wait for ever.
TEST_F(RealServerTest, PipelinesLargerThanAllBuffers) {
  const RedisServer server;
  HiredisClient client(server.config(), usage_);
  const std::string value(20'000, 'v');
  Pipeline pipeline;
  for (int i = 0; i < 2000; ++i) pipeline.Add(Route::kAnyNode, {"ECHO", value});
  const auto replies = client.Execute(pipeline, GenerousLimits());
  ASSERT_TRUE(replies) << replies.error().message;
  for (std::size_t i = 0; i < replies->size(); ++i) ASSERT_EQ((*replies)[i].text, value);
}

TEST_F(RealServerTest, CountsWhatItCosts) {
  RedisServer server;
  {
    HiredisClient client(server.config(), usage_);
    EXPECT_EQ(Counted("bullmq_exporter_redis_connections"), 0);
    EXPECT_EQ(Run(client, {"PING"}), "\"PONG\"");
    EXPECT_EQ(Counted("bullmq_exporter_redis_connections"), 1);
    EXPECT_EQ(Counted("bullmq_exporter_redis_commands_total"), 2);  // and CLIENT SETNAME
    EXPECT_EQ(Counted("bullmq_exporter_redis_received_bytes_total"), 5 + 7);
    EXPECT_EQ(Counted("bullmq_exporter_redis_sent_bytes_total"), 51 + 14);
    server.Stop();
    EXPECT_EQ(Run(client, {"PING"}), "failed: connect");
    EXPECT_EQ(Counted("bullmq_exporter_redis_connections"), 0);
    server.Restart();
    RunUntil(client, {"PING"}, "\"PONG\"");
    EXPECT_EQ(Counted("bullmq_exporter_redis_connections"), 1);
  }
  EXPECT_EQ(Counted("bullmq_exporter_redis_connections"), 0);
}

}  // namespace
}  // namespace bullmq_exporter
