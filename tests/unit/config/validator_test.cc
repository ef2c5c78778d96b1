#include "exporter/config/validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `path: message` for each rule that the changed defaults break.
std::vector<std::string> Broken(const std::function<void(Config&)>& change) {
  Config config;
  change(config);
  const auto validated = ValidatedConfig::Validate(config);
  std::vector<std::string> lines;
  if (validated) return lines;
  for (const Violation& v : validated.error()) lines.push_back(v.path + ": " + v.message);
  return lines;
}

TEST(ValidatorTest, TheDefaultsAreValid) {
  EXPECT_THAT(Broken([](Config&) {}), IsEmpty());
  EXPECT_EQ(**ValidatedConfig::Validate(Config{}), Config{});
}

TEST(ValidatorTest, EachRule) {
  const struct {
    std::function<void(Config&)> change;
    const char* line;
  } cases[] = {
      {[](Config& c) { c.targets.clear(); }, "redis: needs at least one Redis"},
      {[](Config& c) { c.targets[0].name = ""; }, "redis[0].name: is empty"},
      {[](Config& c) { c.targets[0].name = "\xff"; }, "redis[0].name: is not UTF-8"},
      {[](Config& c) { c.targets.emplace_back(); },
       "redis[1].name: \"default\" is the name of another Redis too; give each its own"},
      {[](Config& c) { c.targets[0].prefixes.clear(); },
       "redis[0].prefixes: needs at least one prefix"},
      {[](Config& c) { c.targets[0].prefixes = {"a", ""}; }, "redis[0].prefixes[1]: is empty"},
      {[](Config& c) { c.targets[0].prefixes = {"a", "a"}; },
       "redis[0].prefixes[1]: \"a\" stands twice"},
      {[](Config& c) { c.targets[0].queues.static_queues = {{"bull", ""}}; },
       "redis[0].queues.static[0]: the name of a queue is empty"},
      {[](Config& c) { c.targets[0].queues.static_queues = {{"bull", "q"}, {"bull", "q"}}; },
       "redis[0].queues.static[1]: queue \"q\" stands twice"},
      {[](Config& c) { c.targets[0].queues.static_queues = {{"other", "q"}}; },
       "redis[0].queues.static[0].prefix: \"other\" is not one of the prefixes of this Redis"},
      {[](Config& c) { c.targets[0].queues.include = {""}; },
       "redis[0].queues.include[0]: is empty"},
      {[](Config& c) { c.targets[0].queues.exclude = {"a", "a"}; },
       "redis[0].queues.exclude[1]: \"a\" stands twice"},
      {[](Config& c) { c.targets[0].redis.tls.insecure_skip_verify = true; },
       "redis[0].tls.insecure_skip_verify: is for TLS alone, and the address is not rediss://"},
      {[](Config& c) {
         c.targets[0].redis.address.scheme = RedisAddress::Scheme::kTls;
         c.targets[0].redis.tls.key_file = "/k";
       },
       "redis[0].tls.key_file: needs the certificate beside it"},
      {[](Config& c) { c.poll.interval = milliseconds(9); },
       "poll.interval: 9ms is not from 10ms to 7d"},
      {[](Config& c) { c.poll.timeout = hours(169); }, "poll.timeout: 7d1h is not from 10ms to 7d"},
      {[](Config& c) { c.poll.slow_interval = {}; },
       "poll.slow_interval: 0s is not from 10ms to 7d"},
      {[](Config& c) { c.discovery.interval = {}; },
       "discovery.interval: 0s is not from 10ms to 7d"},
      {[](Config& c) { c.discovery.max_queues = 0; },
       "discovery.max_queues: 0 is not from 1 to 1000000"},
      {[](Config& c) { c.discovery.forget_after = {}; },
       "discovery.forget_after: 0s is not from 10ms to 7d"},
      {[](Config& c) { c.failures.window = {}; }, "failures.window: 0s is not from 1s to 7d"},
      {[](Config& c) { c.failures.classes_per_queue = 101; },
       "failures.classes_per_queue: 101 is not from 1 to 100"},
      {[](Config& c) { c.metrics.names_per_queue = 0; },
       "metrics.names_per_queue: 0 is not from 1 to 1000"},
      {[](Config& c) {
         c.metrics.compatibility = {Compatibility::kBullmq, Compatibility::kBullmq};
       },
       "metrics.compatibility: a name stands twice"},
      {[](Config& c) {
         c.metrics.compatibility = {Compatibility::kBullmq};
         c.targets[0].prefixes = {"a", "b"};
       },
       "metrics.compatibility: is for one Redis with one prefix: the labels of these series cannot "
       "tell more apart"},
      {[](Config& c) { c.web.max_connections = 0; },
       "web.max_connections: 0 is not from 1 to 65535"},
      {[](Config& c) { c.web.max_connections_per_address = 65536; },
       "web.max_connections_per_address: 65536 is not from 1 to 65535"},
      {[](Config& c) { c.api.max_connections = 0; },
       "api.max_connections: 0 is not from 1 to 65535"},
      {[](Config& c) { c.api.timeout = hours(2); }, "api.timeout: 2h is not from 10ms to 1h"},
      {[](Config& c) { c.api.max_page_size = 0; }, "api.max_page_size: 0 is not from 1 to 10000"},
      {[](Config& c) { c.api.max_page_size = 10001; },
       "api.max_page_size: 10001 is not from 1 to 10000"},
      {[](Config& c) { c.api.max_field_bytes = 0; },
       "api.max_field_bytes: 0 is not from 1 to 512MiB"},
      {[](Config& c) { c.api.max_response_bytes = (1u << 30) + 1; },
       "api.max_response_bytes: 1073741825 is not from 1 to 1GiB"},
      {[](Config& c) { c.api.roles = {{"r", {"a", "a"}}}; }, "api.roles.r[1]: \"a\" stands twice"},
  };
  for (const auto& c : cases) EXPECT_THAT(Broken(c.change), ElementsAre(c.line)) << c.line;
}

TEST(ValidatorTest, ListenersApart) {
  const auto same = [](Config& c) { c.api.listen_address = c.web.listen_address; };
  EXPECT_THAT(Broken(same), IsEmpty());  // the API is off
  EXPECT_THAT(Broken([&](Config& c) {
                same(c);
                c.api.keys_file = "/k";
              }),
              ElementsAre("api.listen_address: \":9538\" is the address of the telemetry listener "
                          "too; give each its own"));
  EXPECT_THAT(Broken([](Config& c) {
                c.web.listen_address = c.api.listen_address = "127.0.0.1:0";
                c.api.keys_file = "/k";
              }),
              IsEmpty());
}

TEST(ValidatorTest, AllBrokenRulesAreSaid) {
  EXPECT_EQ(Broken([](Config& c) {
              c.poll.interval = {};
              c.api.timeout = {};
              c.targets[0].name = "";
            }).size(),
            3u);
}

}  // namespace
}  // namespace bullmq_exporter
