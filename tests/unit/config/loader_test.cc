#include "exporter/config/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Config Loaded(std::string_view text) {
  FileFaults faults("f.yaml");
  LoadedFile loaded = LoadConfig(text, faults);
  EXPECT_THAT(faults.Lines(), IsEmpty()) << text;
  return loaded.config;
}

std::vector<std::string> FaultsOf(std::string_view text) {
  FileFaults faults("f.yaml");
  (void)LoadConfig(text, faults);
  return faults.Lines();
}

TEST(LoaderTest, WhatIsNotSaidIsTheDefault) {
  for (const char* text : {"", "# nothing\n", "poll:\n", "{}", "poll: {}\nlog:\n"}) {
    EXPECT_EQ(Loaded(text), Config{}) << text;
  }
  FileFaults faults("f.yaml");
  EXPECT_FALSE(LoadConfig("poll:\n", faults).has_targets);
  EXPECT_TRUE(LoadConfig("redis: [{}]\n", faults).has_targets);
}

TEST(LoaderTest, EveryKeyReachesItsField) {
  const Config config = Loaded(R"(
redis:
  - name: a
    addr: rediss://u:p@h:1/2
    username: v
    username_file: /u
    password_file: /p
    tls: {ca_file: /ca, cert_file: /cert, key_file: /key, server_name: s, insecure_skip_verify: true}
    prefixes: [x, y]
    queues: {static: [one, {prefix: y, name: two}, 3], include: [i*], exclude: [e]}
  - {name: b, addr: unix:///run/redis.sock}
poll: {interval: 1s, timeout: 500ms, slow_interval: 1m30s}
discovery: {enabled: false, interval: 2s, max_queues: 7, forget_after: 1h}
failures: {window: 2h, classes_per_queue: 3, reasons: false}
metrics: {names_per_queue: 4, compatibility: [bull_exporter, bullmq]}
web: {listen_address: "127.0.0.1:0", max_connections: 5, max_connections_per_address: 6}
api:
  listen_address: ":1"
  keys_file: /k
  jwt_secret_file: /j
  roles: {Admin: ["manage:all", "x:y"], Nobody: []}
  timeout: 8s
  max_page_size: 9
  max_connections: 10
  max_connections_per_address: 11
  max_field_bytes: 12KiB
  max_response_bytes: 13
log: {level: error, format: json}
)");
  ASSERT_THAT(config.targets, SizeIs(2));
  const TargetConfig& a = config.targets[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.redis.address, (RedisAddress{.scheme = RedisAddress::Scheme::kTls,
                                           .host = "h",
                                           .port = 1,
                                           .path = "",
                                           .database = 2}));
  EXPECT_EQ(a.redis.username, "v");
  EXPECT_EQ(a.redis.password, "p");
  EXPECT_EQ(a.redis.username_file, "/u");
  EXPECT_EQ(a.redis.password_file, "/p");
  EXPECT_EQ(a.redis.tls, (RedisTlsConfig{"/ca", "/cert", "/key", "s", true}));
  EXPECT_THAT(a.prefixes, ElementsAre("x", "y"));
  EXPECT_THAT(a.queues.static_queues,
              ElementsAre(StaticQueue{"x", "one"}, StaticQueue{"y", "two"}, StaticQueue{"x", "3"}));
  EXPECT_THAT(a.queues.include, ElementsAre("i*"));
  EXPECT_THAT(a.queues.exclude, ElementsAre("e"));
  EXPECT_EQ(config.targets[1].redis.address.path, "/run/redis.sock");
  EXPECT_THAT(config.targets[1].prefixes, ElementsAre("bull"));
  EXPECT_EQ(config.poll, (PollConfig{milliseconds(1000), milliseconds(500), milliseconds(90000)}));
  EXPECT_EQ(config.discovery,
            (DiscoveryConfig{false, milliseconds(2000), 7, milliseconds(3600000)}));
  EXPECT_EQ(config.failures, (FailuresConfig{milliseconds(7200000), 3, false}));
  EXPECT_EQ(config.metrics.names_per_queue, 4u);
  EXPECT_THAT(config.metrics.compatibility,
              ElementsAre(Compatibility::kBullExporter, Compatibility::kBullmq));
  EXPECT_EQ(config.web, (WebConfig{"127.0.0.1:0", 5, 6}));
  EXPECT_EQ(config.api, (ApiConfig{":1",
                                   "/k",
                                   "/j",
                                   {{"Admin", {"manage:all", "x:y"}}, {"Nobody", {}}},
                                   milliseconds(8000),
                                   9,
                                   10,
                                   11,
                                   12288,
                                   13}));
  EXPECT_EQ(config.log, (LogConfig{LogLevel::kError, LogFormat::kJson}));
}

TEST(LoaderTest, EveryFaultIsFoundAtOnce) {
  EXPECT_THAT(
      FaultsOf("poll: {interval: 5, timeout: [1s]}\n"
               "discovery: {enabled: yes, max_queues: many}\n"
               "metrics: {compatibility: [prometheus]}\n"
               "api: {max_field_bytes: 1MB, roles: {a: manage:all}}\n"
               "log: {level: 7}\n"
               "web: [a]\n"),
      ElementsAre(
          "f.yaml:1:18: poll.interval: \"5\" is not a duration; write for example 500ms, 5s, 1m30s "
          "or 1h",
          "f.yaml:1:30: poll.timeout: needs text, found a list",
          "f.yaml:2:22: discovery.enabled: needs true or false, found \"yes\"",
          "f.yaml:2:39: discovery.max_queues: needs a whole number, found \"many\"",
          "f.yaml:3:26: metrics.compatibility: \"prometheus\" is not one of bullmq, bull_exporter",
          "f.yaml:4:24: api.max_field_bytes: \"1MB\" is not a size; write for example 1MiB, 512KiB "
          "or plain bytes",
          "f.yaml:4:40: api.roles.a: needs a list, such as [a, b], found a single value",
          "f.yaml:5:14: log.level: \"7\" is not one of debug, info, warn, error",
          "f.yaml:6:6: web: needs a mapping (key: value), found a list"));
}

TEST(LoaderTest, Targets) {
  const struct {
    const char* text;
    const char* line;
  } cases[] = {
      {"redis: {name: a}\n", "f.yaml:1:8: redis: needs a list, such as [a, b], found a mapping"},
      {"redis:\n", "f.yaml:1:1: redis: needs a list, such as [a, b], found nothing"},
      {"redis: redis://:password@host\n",
       "f.yaml:1:8: redis: needs a list, such as [a, b], found a single value"},
      {"redis: [x]\n", "f.yaml:1:9: redis[0]: needs a mapping (key: value), found a single value"},
      {"redis: [{prefixes: bull}]\n",
       "f.yaml:1:20: redis[0].prefixes: needs a list, such as [a, b], found a single value"},
      {"redis: [{prefix: bull}]\n",
       "f.yaml:1:10: unknown key \"prefix\" in redis[0]; did you mean \"prefixes\"?"},
      {"redis: [{queues: {static: [{prefix: a}]}}]\n",
       "f.yaml:1:28: redis[0].queues.static[0].name: is missing"},
      {"redis: [{queues: {static: [[a]]}}]\n",
       "f.yaml:1:28: redis[0].queues.static[0]: needs a mapping (key: value), found a list"},
      {"redis: [{password: sesame}]\n",
       "f.yaml:1:10: unknown key \"password\" in redis[0]; known are name, addr, username, "
       "username_file, password_file, tls, prefixes, queues"},
  };
  for (const auto& c : cases) {
    const auto faults = FaultsOf(c.text);
    ASSERT_FALSE(faults.empty()) << c.text;
    EXPECT_EQ(faults[0], c.line) << c.text;
  }
}

// What a later version will have is refused today rather than passed over.
TEST(LoaderTest, KeysOfLaterVersionsAreUnknown) {
  for (const char* text : {"events: {}", "metrics: {exemplars: false}", "metrics: {buckets: [1]}",
                           "web: {config_file: f}", "web: {enable_lifecycle: true}",
                           "api: {redact: []}", "api: {web_config_file: f}"}) {
    EXPECT_THAT(FaultsOf(text), ElementsAre(::testing::HasSubstr("unknown key"))) << text;
  }
}

}  // namespace
}  // namespace bullmq_exporter
