#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/instruments/registry.h"
#include "exporter/redis/redis_client.h"
#include "tests/support/redis_server.h"

namespace bullmq_exporter {

enum class Backend { kFake, kRedis, kRedis62, kValkey };
[[nodiscard]] std::string BackendName(const testing::TestParamInfo<Backend>& info);

// A reply as text: `nil`, `42`, `"text"`, `[1, "a"]`, `!ERR what the server says`. Bytes that are
// no printable ASCII as \xNN.
[[nodiscard]] std::string Show(const Reply& reply);

// Runs a test against the in-memory fake and against each real server that is installed. Every test
// begins with an empty database. Real servers are started once for each suite and program.
class RedisContractTest : public testing::TestWithParam<Backend> {
 protected:
  static void TearDownTestSuite();
  void SetUp() override;

  // The reply to one command.
  Reply Run(std::initializer_list<std::string_view> args);
  Reply Run(std::span<const std::string_view> args);
  // Runs one command after the other and compares each reply, as Show writes it, with what is
  // given.
  struct Step {
    std::vector<std::string> args;
    std::string reply;
  };
  void RunSteps(const std::vector<Step>& steps);
  [[nodiscard]] RedisClient& client() { return *client_; }
  [[nodiscard]] bool is_fake() const { return GetParam() == Backend::kFake; }

 private:
  Instruments instruments_;
  std::unique_ptr<RedisClient> client_;
};

}  // namespace bullmq_exporter
