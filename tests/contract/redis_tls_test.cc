// The client against real servers that speak TLS, with certificates that are made for each run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
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
using testing::AnyOf;
using testing::HasSubstr;

class RedisTlsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    const char* bin = std::getenv("BULLMQ_TEST_BIN");
    const std::string python =
        std::string(bin == nullptr ? "/opt/bullmq_exporter/test/bin" : bin) + "/python3";
    const std::string command = python +
                                " " BULLMQ_SOURCE_FOLDER "/tests/support/certificates.py " +
                                folder->path().string();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  static void TearDownTestSuite() { folder.reset(); }

  static std::string File(std::string_view name) { return folder->File(name); }

  // A server with the certificate of that name.
  static ServerOptions Options(const std::string& certificate) {
    ServerOptions options;
    options.password = "s3cret";
    options.tls_cert_file = File(certificate + ".crt");
    options.tls_key_file = File(certificate + ".key");
    options.tls_ca_file = File("ca.crt");
    return options;
  }

  Result<void> Ping(const RedisConfig& config, ExchangeLimits limits = GenerousLimits()) {
    HiredisClient client(config, usage_);
    Pipeline pipeline;
    pipeline.Add(Route::kAnyNode, {"PING"});
    return client.Execute(pipeline, limits).map([](const Replies& replies) {
      EXPECT_EQ(Show(replies[0]), "\"PONG\"");
    });
  }

  void ExpectWorks(const RedisConfig& config) {
    const auto done = Ping(config);
    EXPECT_TRUE(done) << done.error().message;
  }

  void ExpectRefused(const RedisConfig& config, const std::string& cause) {
    const auto done = Ping(config);
    ASSERT_FALSE(done) << cause;
    EXPECT_EQ(done.error().code, ErrorCode::kTls) << done.error().message;
    EXPECT_THAT(done.error().message, HasSubstr(cause));
  }

  // How often the server has been asked to AUTH over TLS: the admin's own one by the socket is left
  // out.
  std::string AuthCalls(const RedisServer& server) {
    HiredisClient admin(server.socket_config(), usage_);
    Pipeline pipeline;
    pipeline.Add(Route::kAnyNode, {"INFO", "commandstats"});
    const auto replies = admin.Execute(pipeline, GenerousLimits());
    EXPECT_TRUE(replies);
    const std::string text = replies ? (*replies)[0].text : "";
    const std::size_t begin = text.find("cmdstat_auth:");
    return text.substr(begin, text.find(',', begin) - begin);
  }

  static std::unique_ptr<TemporaryFolder> folder;
  Instruments instruments_;
  RedisUsage& usage_ = instruments_.Redis("test", RedisPurpose::kPoll);
};

std::unique_ptr<TemporaryFolder> RedisTlsTest::folder;

TEST_F(RedisTlsTest, ACertificateForTheNameOrTheAddress) {
  const RedisServer server(Options("good"));
  RedisConfig config = server.config();
  ExpectWorks(config);
  config.address.host = "localhost";
  ExpectWorks(config);
  config.tls.server_name = "other.example";
  ExpectRefused(config, "hostname mismatch");
  config.tls.server_name = "127.0.0.2";
  ExpectRefused(config, "IP address mismatch");
}

TEST_F(RedisTlsTest, ACertificateForAnotherHostIsRefusedBeforeAnyCredential) {
  const RedisServer server(Options("other"));
  RedisConfig config = server.config();
  ExpectRefused(config, "IP address mismatch");
  config.address.host = "localhost";
  ExpectRefused(config, "hostname mismatch");
  EXPECT_EQ(AuthCalls(server), "cmdstat_auth:calls=1");  // the admin
  config.tls.server_name = "other.example";
  ExpectWorks(config);
  EXPECT_EQ(AuthCalls(server), "cmdstat_auth:calls=3");
}

TEST_F(RedisTlsTest, ACertificateThatHasExpiredIsRefusedBeforeAnyCredential) {
  const RedisServer server(Options("expired"));
  ExpectRefused(server.config(), "certificate has expired");
  EXPECT_EQ(AuthCalls(server), "cmdstat_auth:calls=1");
}

TEST_F(RedisTlsTest, AnAuthorityThatNobodyTrusts) {
  const RedisServer server(Options("stranger"));
  RedisConfig config = server.config();
  ExpectRefused(config, "unable to get local issuer certificate");
  config.tls.ca_file.clear();
  ExpectRefused(config, "unable to get local issuer certificate");
  EXPECT_EQ(AuthCalls(server), "cmdstat_auth:calls=1");
  config.tls.insecure_skip_verify = true;
  ExpectWorks(config);
}

TEST_F(RedisTlsTest, ClientCertificates) {
  ServerOptions options = Options("good");
  options.tls_auth_clients = true;
  const RedisServer server(options);
  RedisConfig config = server.config();
  // OpenSSL's own words where the server's alert came through, else ours.
  const auto without = Ping(config);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::kTls);
  EXPECT_THAT(without.error().message,
              AnyOf(HasSubstr("certificate required"), HasSubstr("client certificate")));
  config.tls.cert_file = File("client.crt");
  config.tls.key_file = File("client.key");
  ExpectWorks(config);
}

TEST_F(RedisTlsTest, FilesThatCannotBeUsedAreNamed) {
  const RedisServer server(Options("good"));
  RedisConfig config = server.config();
  config.tls.ca_file = "/nonexistent/ca.crt";
  ExpectRefused(config, "/nonexistent/ca.crt");
  config.tls.ca_file = File("good.key");
  ExpectRefused(config, "good.key");
  config.tls.ca_file = File("ca.crt");
  config.tls.cert_file = "/nonexistent/client.crt";
  ExpectRefused(config, "/nonexistent/client.crt");
  config.tls.cert_file = File("client.crt");
  config.tls.key_file = File("good.key");
  ExpectRefused(config, "good.key");
}

TEST_F(RedisTlsTest, FilesAreReadAtEachConnect) {
  const RedisServer server(Options("good"));
  const std::string file = File("authority.crt");
  std::filesystem::copy(File("stranger_ca.crt"), file);
  RedisConfig config = server.config();
  config.tls.ca_file = file;
  HiredisClient client(config, usage_);
  Pipeline ping;
  ping.Add(Route::kAnyNode, {"PING"});
  const auto refused = client.Execute(ping, GenerousLimits());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTls);
  std::filesystem::copy(File("ca.crt"), file, std::filesystem::copy_options::overwrite_existing);
  std::this_thread::sleep_until(client.NextAttempt());
  const auto accepted = client.Execute(ping, GenerousLimits());
  EXPECT_TRUE(accepted) << accepted.error().message;
}

TEST_F(RedisTlsTest, Versions) {
  ServerOptions options = Options("good");
  options.arguments = {"--tls-protocols", "TLSv1.2"};
  ExpectWorks(RedisServer(options).config());
  options.arguments = {"--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT@SECLEVEL=0"};
  const RedisServer old(options);
  EXPECT_EQ(Ping(old.config()).error().code, ErrorCode::kTls);
  EXPECT_EQ(AuthCalls(old), "cmdstat_auth:calls=1");
}

TEST_F(RedisTlsTest, PipelinesLargerThanAllBuffers) {
  const RedisServer server(Options("good"));
  HiredisClient client(server.config(), usage_);
  const std::string value(20'000, 'v');
  Pipeline pipeline;
  for (int i = 0; i < 1000; ++i) pipeline.Add(Route::kAnyNode, {"ECHO", value});
  for (int round = 0; round < 2; ++round) {
    const auto replies = client.Execute(pipeline, GenerousLimits());
    ASSERT_TRUE(replies) << replies.error().message;
    for (std::size_t i = 0; i < replies->size(); ++i) ASSERT_EQ((*replies)[i].text, value);
  }
}

TEST_F(RedisTlsTest, AServerThatStandsStill) {
  RedisServer server(Options("good"));
  server.Pause();
  ExchangeLimits limits;
  limits.deadline = SteadyClock::now() + 50ms;
  EXPECT_EQ(Ping(server.config(), limits).error().code, ErrorCode::kTimeout);
  server.Resume();
  ExpectWorks(server.config());
}

TEST_F(RedisTlsTest, AServerWithoutTls) {
  const ScriptedServer talks([](ScriptedConnection& connection, int) {
    connection.Send("-ERR unknown command\r\n");
    connection.AwaitClose();
  });
  const ScriptedServer closes([](ScriptedConnection&, int) {});
  for (const ScriptedServer* server : {&talks, &closes}) {
    RedisConfig config = server->config();
    config.address.scheme = RedisAddress::Scheme::kTls;
    config.password = "s3cret";
    const auto done = Ping(config);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, server == &talks ? ErrorCode::kTls : ErrorCode::kClosed);
    EXPECT_THAT(done.error().message, HasSubstr("TLS handshake"));
  }
}

}  // namespace
}  // namespace bullmq_exporter
