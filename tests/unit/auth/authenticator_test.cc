#include "exporter/auth/authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "exporter/base/sha256.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/auth/token_maker.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kNowMs = 1'700'000'000'000;
constexpr const char* kSecret = "a secret of more than thirty-two bytes";

std::string Entry(const std::string& name, const std::string& rest = "") {
  return "  - {name: " + name + ", sha256: " + Sha256Hex(name) + ", permissions: [\"manage:all\"]" +
         rest + "}\n";
}

std::string Token(const std::string& claims) {
  return MakeToken(R"({"alg":"HS256"})", "{" + claims + "}", kSecret);
}
constexpr const char* kAdmin = R"("sub":"u1","roles":["Super Admin"],"exp":1700000001)";

class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() {
    config_.keys_file = folder_.Write(
        "keys", "keys:\n" + Entry("good") + Entry("old", ", expires: 2023-11-14T22:13:20Z") +
                    Entry("some", ", queues: [mail]") + "  - {name: weak, sha256: " +
                    Sha256Hex("weak") + ", permissions: [\"read:jobs\"]}\n");
    config_.jwt_secret_file = folder_.Write("jwt", std::string(kSecret) + "\n");
  }

  std::unique_ptr<Authenticator> Create() {
    auto created = Authenticator::Create(config_, Logger(LogLevel::kInfo, LogFormat::kLogfmt));
    EXPECT_TRUE(created) << created.error().message;
    return std::move(*created);
  }

  // "name", or "status: message (name)".
  static std::string Ask(Authenticator& authenticator, const Credentials& credentials) {
    const auto identity = authenticator.Authenticate(credentials, kNowMs);
    if (identity) return identity->name();
    std::string refusal = std::to_string(identity.error().status) + ": ";
    refusal += identity.error().message;
    return identity.error().name.empty() ? refusal : refusal + " (" + identity.error().name + ")";
  }

  TemporaryFolder folder_;
  ApiConfig config_;
};

TEST_F(AuthenticatorTest, AnswersInTheWordsOfTheContract) {
  const auto authenticator = Create();
  const std::string admin = "Bearer " + Token(kAdmin);
  const std::string lower = "bearer   " + Token(kAdmin) + " ";
  const std::string tampered = admin + "x";
  const std::string expired = "Bearer " + Token(R"("sub":"u1","exp":1700000000)");
  const std::string mfa = "Bearer " + Token(std::string(kAdmin) + R"(,"mfaPending":true)");
  const std::string viewer = "Bearer " + Token(R"("sub":"u2","roles":["Viewer"],"exp":1700000001)");
  const std::string no_roles = "Bearer " + Token(R"("sub":"u3","exp":1700000001)");
  constexpr const char* kNone = "401: Unauthorized: No token provided";
  constexpr const char* kBadKey = "401: Unauthorized: Invalid API key";
  constexpr const char* kBadToken = "401: Unauthorized: Invalid token";
  constexpr const char* kRole =
      "403: You are not allowed to perform this operation with your current role.";
  struct Case {
    Credentials credentials;
    std::string answer;
  };
  for (const Case& c : {
           Case{{}, kNone},
           Case{{"", {}}, kNone},
           Case{{{}, ""}, kNone},
           Case{{{}, "Bearer"}, kNone},
           Case{{{}, "Bearer "}, kNone},
           Case{{{}, "Bearer    "}, kNone},
           Case{{{}, "Basic YTpi"}, kNone},
           Case{{{}, "good"}, kNone},
           Case{{"good", {}}, "good"},
           Case{{"good", "Bearer nonsense"}, "good"},
           Case{{"wrong", admin}, kBadKey},
           Case{{"", admin}, "u1"},
           Case{{"old", {}}, kBadKey},
           Case{{"weak", {}}, std::string(kRole) + " (weak)"},
           Case{{{}, admin}, "u1"},
           Case{{{}, lower}, "u1"},
           Case{{{}, "Bearer good"}, kBadToken},
           Case{{{}, expired}, kBadToken},
           Case{{{}, tampered}, kBadToken},
           Case{{{}, mfa}, "401: Unauthorized: MFA verification required (u1)"},
           Case{{{}, viewer}, std::string(kRole) + " (u2)"},
           Case{{{}, no_roles}, std::string(kRole) + " (u3)"},
       }) {
    EXPECT_EQ(Ask(*authenticator, c.credentials), c.answer);
  }
}

TEST_F(AuthenticatorTest, KeysMayBeLimitedToQueues) {
  const auto authenticator = Create();
  const auto limited = authenticator->Authenticate({"some", {}}, kNowMs);
  ASSERT_TRUE(limited);
  EXPECT_TRUE(limited->MaySee("default", "bull", "mail"));
  EXPECT_FALSE(limited->MaySee("default", "bull", "other"));
}

TEST_F(AuthenticatorTest, RolesComeFromTheConfiguration) {
  config_.roles = {{"Operator", {"manage:all"}}};
  const auto authenticator = Create();
  const std::string token =
      "Bearer " + Token(R"("sub":"u4","roles":["Operator"],"exp":1700000001)");
  EXPECT_EQ(Ask(*authenticator, {{}, token}), "u4");
  EXPECT_THAT(Ask(*authenticator, {{}, "Bearer " + Token(kAdmin)}), HasSubstr("403"));
}

TEST_F(AuthenticatorTest, WhatIsNotConfiguredOpensNothing) {
  config_.jwt_secret_file.clear();
  EXPECT_EQ(Ask(*Create(), {{}, "Bearer " + Token(kAdmin)}), "401: Unauthorized: Invalid token");
  config_.keys_file.swap(config_.jwt_secret_file);
  config_.jwt_secret_file = folder_.File("jwt");
  EXPECT_EQ(Ask(*Create(), {"good", {}}), "401: Unauthorized: Invalid API key");
}

TEST_F(AuthenticatorTest, ChangesWorkAtOnce) {
  const auto authenticator = Create();
  EXPECT_EQ(Ask(*authenticator, {"good", {}}), "good");
  folder_.Write("keys", "keys:\n" + Entry("new"));
  EXPECT_EQ(Ask(*authenticator, {"new", {}}), "new");
  EXPECT_EQ(Ask(*authenticator, {"good", {}}), "401: Unauthorized: Invalid API key");
  const std::string token = "Bearer " + Token(kAdmin);
  EXPECT_EQ(Ask(*authenticator, {{}, token}), "u1");
  folder_.Write("jwt", "another\n" + std::string(kSecret));
  EXPECT_EQ(Ask(*authenticator, {{}, token}), "u1");
  folder_.Write("jwt", "another\n");
  EXPECT_EQ(Ask(*authenticator, {{}, token}), "401: Unauthorized: Invalid token");
}

TEST_F(AuthenticatorTest, ABrokenFileKeepsTheLastGoodOneAndSaysSoOnce) {
  const auto authenticator = Create();
  testing::internal::CaptureStderr();
  for (const std::string& broken : {std::string(), std::string("keys:\n  - {name: good, sha"),
                                    std::string("keys: [{name: a, sha256: topsecret}]")}) {
    folder_.Write("keys", broken);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(*authenticator, {"good", {}}), "good");
  }
  std::filesystem::remove(folder_.File("keys"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(*authenticator, {"good", {}}), "good");
  folder_.Write("jwt", "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask(*authenticator, {{}, "Bearer " + Token(kAdmin)}), "u1");
  folder_.Write("keys", "keys:\n" + Entry("new"));
  EXPECT_EQ(Ask(*authenticator, {"new", {}}), "new");

  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 6) << log;
  EXPECT_THAT(log, HasSubstr("No such file or directory"));
  EXPECT_THAT(log, HasSubstr("msg=\"file read again\""));
  EXPECT_THAT(log, Not(HasSubstr("topsecret")));
  EXPECT_THAT(log, Not(HasSubstr(kSecret)));
}

TEST_F(AuthenticatorTest, StartsOnlyWithUsableFiles) {
  const Logger logger(LogLevel::kInfo, LogFormat::kLogfmt);
  folder_.Write("keys", "keys:\n  - {name: a}\n");
  const auto bad_keys = Authenticator::Create(config_, logger);
  ASSERT_FALSE(bad_keys);
  EXPECT_THAT(bad_keys.error().message, HasSubstr(folder_.File("keys") + ":2:5: keys[0].sha256"));
  folder_.Write("keys", "keys: []");
  folder_.Write("jwt", "\n");
  const auto bad_secret = Authenticator::Create(config_, logger);
  ASSERT_FALSE(bad_secret);
  EXPECT_EQ(bad_secret.error().message,
            folder_.File("jwt") + ": holds no secret (one a line is expected)");
  config_.jwt_secret_file = folder_.File("none");
  EXPECT_FALSE(Authenticator::Create(config_, logger));
}

// For the thread sanitizer as much as for the answers.
TEST_F(AuthenticatorTest, ServesThreadsWhileFilesChange) {
  const auto authenticator = Create();
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        if (Ask(*authenticator, {"good", {}}) != "good") ++wrong;
        if (Ask(*authenticator, {"bad", {}}) != "401: Unauthorized: Invalid API key") ++wrong;
      }
    });
  }
  testing::internal::CaptureStderr();
  for (int i = 0; i < 200; ++i) {
    folder_.Write("next", "keys:\n" + Entry("good") + Entry("n" + std::to_string(i)));
    std::filesystem::rename(folder_.File("next"), folder_.File("keys"));
    EXPECT_EQ(Ask(*authenticator, {"n" + std::to_string(i), {}}), "n" + std::to_string(i));
  }
  testing::internal::GetCapturedStderr();
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace bullmq_exporter
