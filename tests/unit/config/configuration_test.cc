#include "exporter/config/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ConfigurationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "configuration_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    file_ = pattern + "/exporter.yaml";
  }
  void TearDown() override { std::filesystem::remove_all(file_.parent_path()); }

  std::string Write(const std::string& content) {
    std::ofstream(file_, std::ios::binary) << content;
    return file_;
  }

  static Configuration Made(const FlagValues& flags, const Environment& environment = {}) {
    auto made = MakeConfiguration(flags, environment);
    if (made) return *std::move(made);
    ADD_FAILURE() << made.error().front();
    return {*ValidatedConfig::Validate({}), {}, {}};
  }
  static std::vector<std::string> Refused(const FlagValues& flags,
                                          const Environment& environment = {}) {
    const auto made = MakeConfiguration(flags, environment);
    return made ? std::vector<std::string>{} : made.error();
  }

  std::filesystem::path file_;
};

TEST_F(ConfigurationTest, FlagBeforeEnvironmentBeforeFileBeforeDefault) {
  const std::string file = Write("poll: {interval: 1s, timeout: 1s, slow_interval: 1s}\n");
  const Environment environment = {{"BULLMQ_EXPORTER_POLL_INTERVAL", "2s"},
                                   {"BULLMQ_EXPORTER_POLL_TIMEOUT", "2s"}};
  const auto made = Made({{"config.file", {file}}, {"poll.interval", {"9s", "3s"}}}, environment);
  EXPECT_EQ(made.config->poll.interval, seconds(3));        // the last flag
  EXPECT_EQ(made.config->poll.timeout, seconds(2));         // the environment
  EXPECT_EQ(made.config->poll.slow_interval, seconds(1));   // the file
  EXPECT_EQ(made.config->discovery.interval, seconds(60));  // the default
}

TEST_F(ConfigurationTest, TheEnvironmentNamesTheFile) {
  const std::string file = Write("log: {level: debug}\n");
  EXPECT_EQ(Made({}, {{"BULLMQ_EXPORTER_CONFIG_FILE", file}}).config->log.level, LogLevel::kDebug);
  EXPECT_EQ(
      Made({{"config.file", {""}}}, {{"BULLMQ_EXPORTER_CONFIG_FILE", file}}).config->log.level,
      LogLevel::kInfo);
}

TEST_F(ConfigurationTest, EveryFlagReachesItsSetting) {
  const auto made = Made({{"redis.addr", {"rediss://me@redis.example:7000/3"}},
                          {"redis.username-file", {"/u"}},
                          {"redis.password-file", {"/p"}},
                          {"redis.tls-ca-file", {"/ca"}},
                          {"redis.tls-cert-file", {"/cert"}},
                          {"redis.tls-key-file", {"/key"}},
                          {"redis.tls-server-name", {"name"}},
                          {"redis.tls-insecure-skip-verify", {"true"}},
                          {"redis.name", {"main"}},
                          {"redis.prefix", {"a,b", "c"}},
                          {"queues", {"mail, import", "export"}},
                          {"no-discovery", {"true"}},
                          {"web.listen-address", {"127.0.0.1:0"}},
                          {"api.listen-address", {"[::1]:1"}},
                          {"api.keys-file", {"/keys"}},
                          {"api.jwt-secret-file", {"/jwt"}},
                          {"log.level", {"warn"}},
                          {"log.format", {"json"}}});
  const Config& config = *made.config;
  ASSERT_THAT(config.targets, SizeIs(1));
  const TargetConfig& target = config.targets[0];
  EXPECT_EQ(target.redis.address.scheme, RedisAddress::Scheme::kTls);
  EXPECT_EQ(target.redis.address.host, "redis.example");
  EXPECT_EQ(target.redis.address.port, 7000);
  EXPECT_EQ(target.redis.address.database, 3);
  EXPECT_EQ(target.redis.username, "me");
  EXPECT_EQ(target.redis.username_file, "/u");
  EXPECT_EQ(target.redis.password_file, "/p");
  EXPECT_EQ(target.redis.tls.ca_file, "/ca");
  EXPECT_EQ(target.redis.tls.cert_file, "/cert");
  EXPECT_EQ(target.redis.tls.key_file, "/key");
  EXPECT_EQ(target.redis.tls.server_name, "name");
  EXPECT_TRUE(target.redis.tls.insecure_skip_verify);
  EXPECT_EQ(target.name, "main");
  EXPECT_THAT(target.prefixes, ElementsAre("a", "b", "c"));
  ASSERT_THAT(target.queues.static_queues, SizeIs(3));
  EXPECT_EQ(target.queues.static_queues[1].name, "import");
  EXPECT_EQ(target.queues.static_queues[1].prefix, "a");
  EXPECT_FALSE(config.discovery.enabled);
  EXPECT_EQ(config.web.listen_address, "127.0.0.1:0");
  EXPECT_EQ(config.api.listen_address, "[::1]:1");
  EXPECT_EQ(config.api.keys_file, "/keys");
  EXPECT_EQ(config.api.jwt_secret_file, "/jwt");
  EXPECT_EQ(config.log.level, LogLevel::kWarn);
  EXPECT_EQ(config.log.format, LogFormat::kJson);
  EXPECT_THAT(made.notices, IsEmpty());
}

TEST_F(ConfigurationTest, WrongValuesAreOneLineThatBeginsWithWhoSaidThem) {
  const struct {
    FlagValues flags;
    Environment environment;
    const char* line;
  } cases[] = {
      {{{"poll.interval", {"5"}}},
       {},
       "--poll.interval: \"5\" is not a duration; write for example 500ms, 5s, 1m30s or 1h"},
      {{},
       {{"BULLMQ_EXPORTER_POLL_TIMEOUT", "x"}},
       "BULLMQ_EXPORTER_POLL_TIMEOUT: \"x\" is not a duration; write for example 500ms, 5s, 1m30s "
       "or 1h"},
      {{{"poll.interval", {"0s"}}, {"poll.timeout", {"0s"}}},
       {},
       "--poll.interval: 0s is not from 10ms to 7d"},
      {{{"log.level", {"trace"}}},
       {},
       "--log.level: \"trace\" is not one of debug, info, warn, error"},
      {{{"log.format", {"xml"}}}, {}, "--log.format: \"xml\" is not one of logfmt, json"},
      {{{"no-discovery", {"maybe"}}}, {}, "--no-discovery: \"maybe\" is not true or false"},
      {{{"web.listen-address", {"9538"}}},
       {},
       "--web.listen-address: \"9538\" is not a listen address; write [HOST]:PORT, for example "
       ":9538, 127.0.0.1:9538 or [::1]:9538, with a port from 0 (a free one) to 65535"},
      {{{"redis.name", {""}}}, {}, "--redis.name: is empty"},
      {{{"redis.prefix", {""}}}, {}, "--redis.prefix: needs at least one prefix"},
      {{{"redis.prefix", {"a,,b"}}}, {}, "--redis.prefix: is empty"},
      {{{"redis.prefix", {"a", "b,a"}}}, {}, "--redis.prefix: \"a\" stands twice"},
      {{{"queues", {"a,a"}}}, {}, "--queues: queue \"a\" stands twice"},
      {{{"queues", {"a,"}}}, {}, "--queues: the name of a queue is empty"},
      {{{"redis.tls-ca-file", {"/ca"}}},
       {},
       "--redis.tls-ca-file: is for TLS alone, and the address is not rediss://"},
      {{{"redis.addr", {"rediss://h"}}, {"redis.tls-cert-file", {"/c"}}},
       {},
       "--redis.tls-cert-file: needs the key beside it"},
      {{{"config.file", {"/nonexistent.yaml"}}},
       {},
       "--config.file: /nonexistent.yaml: cannot be read: No such file or directory"},
      {{{"web.listen-address", {":1"}}, {"api.listen-address", {":1"}}, {"api.keys-file", {"/k"}}},
       {},
       "--api.listen-address: \":1\" is the address of the telemetry listener too; give each its "
       "own"},
      {{},
       {{"REDIS_HOST", "r"}, {"REDIS_PORT", "x"}},
       "REDIS_PORT: \"x\" is not a port from 1 to 65535"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Refused(c.flags, c.environment), ElementsAre(c.line)) << c.line;
  }
}

TEST_F(ConfigurationTest, AFileIsRefusedWithAllOfItsFaults) {
  const std::string file = Write("poll: {interval: 0s}\nredis:\n  - prefixes: [a, a]\nx: 1\n");
  EXPECT_THAT(Refused({{"config.file", {file}}}),
              ElementsAre(file + ":1:18: poll.interval: 0s is not from 10ms to 7d",
                          file + ":3:19: redis[0].prefixes[1]: \"a\" stands twice",
                          HasSubstr(file + ":4:1: unknown key \"x\"; known are redis, poll")));
}

TEST_F(ConfigurationTest, AFlagMendsWhatTheFileHasWrong) {
  const std::string file = Write("poll: {interval: 0s}\n");
  EXPECT_EQ(Made({{"config.file", {file}}, {"poll.interval", {"1s"}}}).config->poll.interval,
            seconds(1));
}

TEST_F(ConfigurationTest, TargetsComeFromOnePlace) {
  const std::string file = Write("redis: [{addr: \"redis://h\"}]\n");
  for (const Flag& flag : Flags()) {
    const std::string name(flag.name);
    const std::string variable = EnvironmentName(name);
    const std::string value = flag.value_name.empty() ? "true" : "redis://x";
    const std::string rest = ": the file " + file +
                             " describes what to read with its key redis; leave one of the two out";
    const bool is_of_target =
        name.starts_with("redis.") || name == "queues" || name == "no-discovery";
    EXPECT_EQ(flag.describes_target, is_of_target) << name;
    if (!is_of_target) continue;
    EXPECT_THAT(Refused({{"config.file", {file}}, {name, {value}}}),
                ElementsAre("--" + name + rest));
    EXPECT_THAT(Refused({{"config.file", {file}}}, {{variable, value}}),
                ElementsAre(variable + rest));
  }
  const Environment open_archiver = {{"REDIS_HOST", "other"}};
  EXPECT_EQ(Made({{"config.file", {file}}}, open_archiver).config->targets[0].redis.address.host,
            "h");
}

TEST_F(ConfigurationTest, AFileWithoutTargetsGoesWithFlags) {
  const std::string file = Write("discovery: {interval: 9s}\n");
  const auto made = Made({{"config.file", {file}},
                          {"redis.addr", {"redis://h"}},
                          {"queues", {"q"}},
                          {"no-discovery", {"true"}}});
  EXPECT_EQ(made.config->targets[0].redis.address.host, "h");
  EXPECT_EQ(made.config->discovery.interval, seconds(9));
  EXPECT_FALSE(made.config->discovery.enabled);
}

TEST_F(ConfigurationTest, APasswordIsRefusedInAFlagAndOnlyThere) {
  const std::string address = "redis://user:sesame@h/0";
  const auto refused = Refused({{"redis.addr", {address, "redis://h"}}});
  EXPECT_THAT(refused,
              ElementsAre("--redis.addr: a password in a flag can be read by everyone on this "
                          "machine; put it into a file for --redis.password-file, or the address "
                          "into BULLMQ_EXPORTER_REDIS_ADDR"));
  const auto variable = Made({}, {{"BULLMQ_EXPORTER_REDIS_ADDR", address}});
  EXPECT_EQ(variable.config->targets[0].redis.password, "sesame");
  const std::string file = Write("redis: [{addr: \"" + address + "\"}]\n");
  EXPECT_EQ(Made({{"config.file", {file}}}).config->targets[0].redis.password, "sesame");
  EXPECT_EQ(Made({{"redis.addr", {"redis://user@h"}}}).config->targets[0].redis.username, "user");
}

TEST_F(ConfigurationTest, NoLineQuotesAPassword) {
  for (const char* address :
       {"redis://user:sesame@h:99999", "redis://user:sesame@", "rdis://:sesame@h",
        "redis://u:sesame@h/x", "sesame", "redis://u:ses%zzame@h"}) {
    const std::string file = Write("redis: [{addr: \"" + std::string(address) + "\"}]\n");
    for (const auto& lines : {Refused({{"redis.addr", {address}}}),
                              Refused({}, {{"BULLMQ_EXPORTER_REDIS_ADDR", address}}),
                              Refused({{"config.file", {file}}})}) {
      ASSERT_THAT(lines, SizeIs(1)) << address;
      EXPECT_THAT(lines[0], Not(HasSubstr("sesame"))) << address;
    }
  }
}

TEST_F(ConfigurationTest, OpenArchiversVariables) {
  const Environment environment = {{"REDIS_HOST", "valkey"},
                                   {"REDIS_PORT", "6380"},
                                   {"REDIS_USER", "me"},
                                   {"REDIS_PASSWORD", "sesame"},
                                   {"REDIS_TLS_ENABLED", "true"}};
  const auto made = Made({{"redis.prefix", {"p"}}}, environment);
  const RedisConfig& redis = made.config->targets[0].redis;
  EXPECT_EQ(redis.address.host, "valkey");
  EXPECT_EQ(redis.address.port, 6380);
  EXPECT_EQ(redis.address.scheme, RedisAddress::Scheme::kTls);
  EXPECT_EQ(redis.username, "me");
  EXPECT_EQ(redis.password, "sesame");
  EXPECT_THAT(made.config->targets[0].prefixes, ElementsAre("p"));
  ASSERT_THAT(made.notices, SizeIs(2));
  EXPECT_THAT(made.notices[1].message, HasSubstr("--redis.tls-insecure-skip-verify"));
  const auto skipping = Made({{"redis.tls-insecure-skip-verify", {"true"}}}, environment);
  EXPECT_TRUE(skipping.config->targets[0].redis.tls.insecure_skip_verify);
  EXPECT_THAT(skipping.notices, SizeIs(1));

  const auto configured = Made({{"redis.addr", {"redis://h"}}}, environment);
  EXPECT_EQ(configured.config->targets[0].redis.address.host, "h");
  EXPECT_EQ(configured.config->targets[0].redis.password, "");
  EXPECT_THAT(configured.notices, IsEmpty());
}

TEST_F(ConfigurationTest, FilesThatCannotBeReadAreNamedWithWhoNamesThem) {
  const std::string file = Write("api: {keys_file: /nonexistent/keys}\n");
  EXPECT_EQ(UnreadableFile(Made({{"config.file", {file}}})),
            file +
                ":1:18: api.keys_file: /nonexistent/keys: cannot be read: No such file or "
                "directory");
  const auto readable = Made({{"redis.password-file", {file}}, {"api.jwt-secret-file", {file}}});
  EXPECT_EQ(UnreadableFile(readable), std::nullopt);
  for (const char* flag :
       {"redis.username-file", "redis.password-file", "redis.tls-ca-file", "redis.tls-cert-file",
        "redis.tls-key-file", "api.keys-file", "api.jwt-secret-file"}) {
    FlagValues flags = {{"redis.addr", {"rediss://h"}},
                        {"redis.tls-cert-file", {file}},
                        {"redis.tls-key-file", {file}}};
    flags[flag] = {"/nonexistent/x"};
    EXPECT_EQ(
        UnreadableFile(Made(flags)),
        "--" + std::string(flag) + ": /nonexistent/x: cannot be read: No such file or directory");
  }
}

TEST_F(ConfigurationTest, CompatibilityIsForOneRedisWithOnePrefix) {
  const std::string message =
      "metrics.compatibility: is for one Redis with one prefix: the labels of these series cannot "
      "tell more apart";
  std::string file = Write("redis: [{name: a}, {name: b}]\nmetrics: {compatibility: [bullmq]}\n");
  EXPECT_THAT(Refused({{"config.file", {file}}}), ElementsAre(file + ":2:26: " + message));
  file = Write("metrics: {compatibility: [bullmq, bull_exporter]}\n");
  EXPECT_THAT(Made({{"config.file", {file}}}).config->metrics.compatibility,
              ElementsAre(Compatibility::kBullmq, Compatibility::kBullExporter));
  EXPECT_THAT(Refused({{"config.file", {file}}, {"redis.prefix", {"a,b"}}}),
              ElementsAre(file + ":1:26: " + message));
}

TEST_F(ConfigurationTest, NoticesOfWhatIsProbablyAMistake) {
  const auto mistyped = Made({}, {{"BULLMQ_EXPORTER_POLL_INTERVALL", "1s"},
                                  {"BULLMQ_EXPORTER_SERVICE_HOST", "10.0.0.1"},
                                  {"BULLMQ_EXPORTER_PORT", "tcp://10.0.0.1:9538"}});
  ASSERT_THAT(mistyped.notices, SizeIs(1));
  EXPECT_EQ(mistyped.notices[0].level, LogLevel::kWarn);
  EXPECT_EQ(mistyped.notices[0].message,
            "BULLMQ_EXPORTER_POLL_INTERVALL is no variable of this program; did you mean "
            "BULLMQ_EXPORTER_POLL_INTERVAL?");
  const auto blind = Made({{"no-discovery", {"true"}}});
  ASSERT_THAT(blind.notices, SizeIs(1));
  EXPECT_EQ(
      blind.notices[0].message,
      "discovery is off and no queue is named for redis default: nothing of it will be shown");
}

}  // namespace
}  // namespace bullmq_exporter
