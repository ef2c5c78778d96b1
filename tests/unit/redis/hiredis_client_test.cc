// The client against servers that misbehave. Every exchange ends, with the right cause, and what
// comes after it is right again.
#include "exporter/redis/hiredis_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>

#include "exporter/instruments/registry.h"
#include "tests/support/scripted_server.h"

namespace bullmq_exporter {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view kPing = "PING\r\n";

ExchangeLimits Within(std::chrono::milliseconds time) {
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now() + time;
  return limits;
}

// Answers the login, which is CLIENT SETNAME alone.
bool AcceptLogin(ScriptedConnection& connection) {
  return connection.Expect("bullmq_exporter\r\n") && connection.Send("+OK\r\n");
}

// A server that answers every PING, as one should.
void Behave(ScriptedConnection& connection) {
  if (!AcceptLogin(connection)) return;
  while (connection.Expect(kPing) && connection.Send("+PONG\r\n")) {
  }
}

// A script for the first connection; later ones behave.
ScriptedServer::Script First(std::function<void(ScriptedConnection&)> script) {
  return [script = std::move(script)](ScriptedConnection& connection, int number) {
    if (number == 0) {
      script(connection);
    } else {
      Behave(connection);
    }
  };
}

// A script for what comes in place of the reply to the first PING.
ScriptedServer::Script FirstReply(std::function<void(ScriptedConnection&)> script) {
  return First([script = std::move(script)](ScriptedConnection& connection) {
    if (AcceptLogin(connection) && connection.Expect(kPing)) script(connection);
  });
}

class HiredisClientTest : public testing::Test {
 protected:
  HiredisClientTest() { ping_.Add(Route::kAnyNode, {"PING"}); }

  HiredisClient Client(const RedisConfig& config) { return {config, usage_}; }

  // The code of the first exchange. Then waits for the backoff and expects the client to be well.
  ErrorCode CodeThenRecovery(const RedisConfig& config, const ExchangeLimits& limits) {
    HiredisClient client(config, usage_);
    const auto failed = client.Execute(ping_, limits);
    EXPECT_FALSE(failed);
    ExpectRecovery(client);
    if (failed) return ErrorCode::kInternal;
    EXPECT_THAT(failed.error().message, HasSubstr(client.Address() + ": "));
    return failed.error().code;
  }

  void ExpectRecovery(HiredisClient& client) {
    std::this_thread::sleep_until(client.NextAttempt());
    const auto replies = client.Execute(ping_, Within(60s));
    ASSERT_TRUE(replies) << replies.error().message;
    EXPECT_EQ((*replies)[0].text, "PONG");
  }

  Instruments instruments_;
  RedisUsage& usage_ = instruments_.Redis("test", RedisPurpose::kPoll);
  Pipeline ping_;
};

TEST_F(HiredisClientTest, BrokenRepliesEndWithTheirCause) {
  std::string nested;
  for (int i = 0; i < 2'000'000; ++i) nested += "*1\r\n";
  const struct {
    std::string reply;
    ErrorCode code;
  } cases[] = {
      {"*4294967295\r\n", ErrorCode::kProtocol},
      {"*-7\r\n", ErrorCode::kProtocol},
      {"$-7\r\n", ErrorCode::kProtocol},
      {"$nonsense\r\n", ErrorCode::kProtocol},
      {"\x15\x03\x01", ErrorCode::kProtocol},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", ErrorCode::kProtocol},
      {"+PONG\r\n+PONG\r\n", ErrorCode::kProtocol},
      {nested, ErrorCode::kProtocol},
      {"", ErrorCode::kClosed},
      {"$100\r\nabc", ErrorCode::kClosed},
      {"*2\r\n:1\r\n", ErrorCode::kClosed},
      {"-LOADING in mid-", ErrorCode::kClosed},
      {"-NOAUTH Authentication required.\r\n", ErrorCode::kAuth},
      {"-ERR max number of clients reached\r\n", ErrorCode::kMaxClients},
  };
  for (const auto& c : cases) {
    const ScriptedServer server(FirstReply([&](auto& connection) { connection.Send(c.reply); }));
    EXPECT_EQ(CodeThenRecovery(server.config(), Within(60s)), c.code) << c.reply.substr(0, 40);
  }
}

TEST_F(HiredisClientTest, AReplyThatDripsEndsAtTheDeadline) {
  const struct {
    std::string start;
    std::string again;
  } cases[] = {{"$1000000\r\n", "x"}, {"*500000\r\n", ":1\r\n"}, {"+", "x"}, {":", "0"}};
  for (const auto& c : cases) {
    const ScriptedServer server(FirstReply([&](auto& connection) {
      connection.Send(c.start);
      while (connection.Drip(c.again)) {
      }
    }));
    EXPECT_EQ(CodeThenRecovery(server.config(), Within(50ms)), ErrorCode::kTimeout) << c.start;
  }
}

TEST_F(HiredisClientTest, AServerThatKeepsSilentEndsAtTheDeadline) {
  const ScriptedServer before_login(First([](auto& connection) { connection.AwaitClose(); }));
  EXPECT_EQ(CodeThenRecovery(before_login.config(), Within(50ms)), ErrorCode::kTimeout);
  const ScriptedServer after_login(FirstReply([](auto& connection) { connection.AwaitClose(); }));
  EXPECT_EQ(CodeThenRecovery(after_login.config(), Within(50ms)), ErrorCode::kTimeout);
}

TEST_F(HiredisClientTest, AClientThatIsToldToStopEndsAndRefusesMore) {
  auto source = std::make_unique<std::stop_source>();
  const ScriptedServer server(FirstReply([&](auto& connection) {
    source->request_stop();
    connection.AwaitClose();
  }));
  HiredisClient client(server.config(), usage_, source->get_token());
  for (int i = 0; i < 2; ++i) {
    const auto failed = client.Execute(ping_, Within(1h));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kTimeout);
    EXPECT_THAT(failed.error().message, HasSubstr("told to stop"));
  }
}

TEST_F(HiredisClientTest, APortThatAnswersNoConnectionEndsAtTheDeadline) {
  const BlackHole silent;
  RedisConfig config;
  config.address.port = silent.port();
  HiredisClient client = Client(config);
  const auto failed = client.Execute(ping_, Within(50ms));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTimeout);
}

TEST_F(HiredisClientTest, AFloodOfBytesEndsAtTheCap) {
  const std::string piece(1 << 20, 'x');
  const ScriptedServer server(FirstReply([&](auto& connection) {
    connection.Send("$300000000\r\n");
    for (int i = 0; i < 300 && connection.Send(piece); ++i) {
    }
  }));
  ExchangeLimits limits = Within(60s);
  limits.max_bytes = 4u << 20;
  EXPECT_EQ(CodeThenRecovery(server.config(), limits), ErrorCode::kTooLarge);
}

TEST_F(HiredisClientTest, AResetIsAClosedConnection) {
  const ScriptedServer server(FirstReply([](auto& connection) { connection.Reset(); }));
  EXPECT_EQ(CodeThenRecovery(server.config(), Within(60s)), ErrorCode::kClosed);
}

TEST_F(HiredisClientTest, RandomRepliesNeverReachAnotherExchange) {
  constexpr std::string_view kAlphabet = "*$:+-\r\n0123456789abc";
  std::mt19937 random(20260702);
  for (int round = 0; round < 10; ++round) {
    std::string reply(random() % 60, ' ');
    for (char& c : reply) c = kAlphabet[random() % kAlphabet.size()];
    const ScriptedServer server(FirstReply([&](auto& connection) { connection.Send(reply); }));
    HiredisClient client = Client(server.config());
    (void)client.Execute(ping_, Within(60s));
    ExpectRecovery(client);
  }
}

TEST_F(HiredisClientTest, ALateReplyNeverReachesTheNextExchange) {
  const ScriptedServer server(FirstReply([](auto& connection) {
    connection.AwaitClose();
    connection.Send("+late\r\n");
  }));
  EXPECT_EQ(CodeThenRecovery(server.config(), Within(50ms)), ErrorCode::kTimeout);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HiredisClientTest, BytesThatNobodyAskedForNeverReachTheNextExchange) {
  std::promise<void> sent;
  const ScriptedServer server(FirstReply([&](auto& connection) {
    connection.Send("+PONG\r\n");
    connection.Expect(kPing);
    connection.Send("+PONG\r\n");
    connection.Send("+unasked\r\n");
    sent.set_value();
    connection.AwaitClose();
  }));
  HiredisClient client = Client(server.config());
  ASSERT_TRUE(client.Execute(ping_, Within(60s)));
  // The surplus comes with the reply or after it, as the network likes.
  const auto second = client.Execute(ping_, Within(60s));
  EXPECT_EQ(second ? ErrorCode::kProtocol : second.error().code, ErrorCode::kProtocol);
  sent.get_future().wait();
  ExpectRecovery(client);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HiredisClientTest, AConnectionClosedWhileIdleIsReplacedInTheSameCall) {
  const ScriptedServer server([](ScriptedConnection& connection, int) {
    if (AcceptLogin(connection) && connection.Expect(kPing)) connection.Send("+PONG\r\n");
  });
  HiredisClient client = Client(server.config());
  for (int i = 0; i < 5; ++i) {
    const auto replies = client.Execute(ping_, Within(60s));
    ASSERT_TRUE(replies) << replies.error().message;
    while (server.closed() <= i) std::this_thread::yield();
  }
  EXPECT_EQ(server.connections(), 5);
}

TEST_F(HiredisClientTest, BetweenTriesItFailsAtOnceWithTheLastError) {
  std::uint16_t refused = 0;
  { const FileDescriptor closed_at_once = ListenOnFreePort(1, refused); }
  RedisConfig config;
  config.address.port = refused;
  config.password = "s3cret";
  HiredisClient client = Client(config);
  EXPECT_LT(client.NextAttempt(), SteadyClock::now());
  const auto first = client.Execute(ping_, Within(60s));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, ErrorCode::kConnect);
  EXPECT_EQ(first.error().message,
            "127.0.0.1:" + std::to_string(refused) + ": Connection refused (127.0.0.1)");
  const auto next = client.NextAttempt();
  EXPECT_GT(next, SteadyClock::now() - 60s);
  const auto second = client.Execute(ping_, Within(60s));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), first.error());
}

// Redis that loads, a script that runs, a replica without its master: asked again on the same
// connection.
TEST_F(HiredisClientTest, WhatPassesKeepsTheConnection) {
  const struct {
    const char* reply;
    ErrorCode code;
  } cases[] = {
      {"-LOADING Redis is loading the dataset in memory\r\n", ErrorCode::kLoading},
      {"-BUSY Redis is busy running a script.\r\n", ErrorCode::kBusy},
      {"-MASTERDOWN Link with MASTER is down\r\n", ErrorCode::kReadonlyBrokenLink},
      {"-CLUSTERDOWN The cluster is down\r\n", ErrorCode::kClusterDown},
  };
  for (const auto& c : cases) {
    const ScriptedServer server(FirstReply([&](auto& connection) {
      connection.Send(c.reply);
      while (connection.Expect(kPing) && connection.Send("+PONG\r\n")) {
      }
    }));
    EXPECT_EQ(CodeThenRecovery(server.config(), Within(60s)), c.code) << c.reply;
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST_F(HiredisClientTest, AnErrorOfOneCommandIsNoFailure) {
  const ScriptedServer server(FirstReply([](auto& connection) {
    connection.Send("-WRONGTYPE Operation against a key\r\n");
    connection.AwaitClose();
  }));
  HiredisClient client = Client(server.config());
  const auto replies = client.Execute(ping_, Within(60s));
  ASSERT_TRUE(replies);
  EXPECT_TRUE((*replies)[0].is_error());
}

TEST_F(HiredisClientTest, ReachesTheServerByItsName) {
  const ScriptedServer server([](ScriptedConnection& connection, int) { Behave(connection); });
  RedisConfig config = server.config();
  config.address.host = "localhost";
  HiredisClient client = Client(config);
  const auto replies = client.Execute(ping_, Within(60s));
  ASSERT_TRUE(replies) << replies.error().message;
  EXPECT_EQ(client.Address(), "localhost:" + std::to_string(config.address.port));
}

TEST_F(HiredisClientTest, ANameWithoutAnAddressIsNamed) {
  RedisConfig config;
  config.address.host = std::string(70, 'a') + ".invalid";
  HiredisClient client = Client(config);
  const auto failed = client.Execute(ping_, Within(60s));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kResolve);
  EXPECT_THAT(failed.error().message, HasSubstr(".invalid:6379: the host name"));
}

}  // namespace
}  // namespace bullmq_exporter
