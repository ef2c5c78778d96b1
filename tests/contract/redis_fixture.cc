#include "tests/contract/redis_fixture.h"

#include <cstdio>
#include <map>

#include "exporter/redis/hiredis_client.h"
#include "tests/support/fake_redis.h"

namespace bullmq_exporter {
namespace {

ServerKind KindOf(Backend backend) {
  switch (backend) {
    case Backend::kRedis62: return ServerKind::kRedis62;
    case Backend::kValkey: return ServerKind::kValkey;
    default: return ServerKind::kRedis;
  }
}

std::string Printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~') {
      text += c;
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
    text += escaped;
  }
  return text;
}

std::map<Backend, std::unique_ptr<RedisServer>>& Servers() {
  static std::map<Backend, std::unique_ptr<RedisServer>> servers;
  return servers;
}

}  // namespace

std::string BackendName(const testing::TestParamInfo<Backend>& info) {
  constexpr const char* kNames[] = {"Fake", "Redis", "Redis62", "Valkey"};
  return kNames[static_cast<int>(info.param)];
}

void RedisContractTest::TearDownTestSuite() { Servers().clear(); }

void RedisContractTest::SetUp() {
  if (is_fake()) {
    client_ = std::make_unique<FakeRedis>();
    return;
  }
  const ServerKind kind = KindOf(GetParam());
  if (!IsInstalled(kind)) GTEST_SKIP() << ServerProgram(kind) << " is not installed";
  auto& server = Servers()[GetParam()];
  if (!server) {
    ServerOptions options;
    options.kind = kind;
    server = std::make_unique<RedisServer>(options);
  }
  client_ = std::make_unique<HiredisClient>(server->config(),
                                            instruments_.Redis("test", RedisPurpose::kPoll));
  ASSERT_EQ(Run({"FLUSHALL"}).text, "OK");
}

std::string Show(const Reply& reply) {
  switch (reply.type) {
    case Reply::Type::kNil: return "nil";
    case Reply::Type::kInteger: return std::to_string(reply.integer);
    case Reply::Type::kString: return '"' + Printable(reply.text) + '"';
    case Reply::Type::kError: return '!' + Printable(reply.text);
    case Reply::Type::kArray: break;
  }
  std::string shown;
  for (const Reply& element : reply.elements) {
    shown += (shown.empty() ? "" : ", ") + Show(element);
  }
  return '[' + shown + ']';
}

void RedisContractTest::RunSteps(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    const std::vector<std::string_view> args(step.args.begin(), step.args.end());
    std::string command;
    for (const std::string& arg : step.args) command += ' ' + Printable(arg);
    EXPECT_EQ(Show(Run(args)), step.reply) << "of" << command;
  }
}

Reply RedisContractTest::Run(std::initializer_list<std::string_view> args) {
  return Run(std::span(args.begin(), args.size()));
}

Reply RedisContractTest::Run(std::span<const std::string_view> args) {
  Pipeline pipeline;
  pipeline.Add(Route::kKey, args);
  auto replies = client_->Execute(pipeline, GenerousLimits());
  EXPECT_TRUE(replies) << (replies ? "" : replies.error().message);
  return replies ? std::move((*replies)[0]) : Reply();
}

}  // namespace bullmq_exporter
