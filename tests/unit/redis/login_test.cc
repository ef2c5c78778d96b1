#include "exporter/redis/login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_keyspace.h"
#include "tests/support/temporary_folder.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> Commands(const Pipeline& pipeline) {
  std::vector<std::string> commands;
  for (std::size_t i = 0; i < pipeline.size(); ++i) {
    std::string& command = commands.emplace_back();
    for (const std::string_view arg : pipeline.Args(i)) {
      command += (command.empty() ? "" : " ") + std::string(arg);
    }
  }
  return commands;
}

constexpr const char* kSetName = "CLIENT SETNAME bullmq_exporter";

TEST(LoginTest, SendsOnlyWhatIsConfigured) {
  RedisConfig config;
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre(kSetName));
  config.password = "secret";
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH secret", kSetName));
  config.username = "joe";
  config.address.database = 3;
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH joe secret", "SELECT 3", kSetName));
  config.password = "";
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH joe ", "SELECT 3", kSetName));
}

TEST(LoginTest, ReadsThePasswordFileEachTime) {
  const TemporaryFolder folder;
  RedisConfig config;
  config.password = "from the address";
  for (const char* content : {"one", "one\n", "one\r\n", "one\ntwo\n"}) {
    config.password_file = folder.Write("password", content);
    EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH one", kSetName));
  }
  folder.Write("password", " two ");
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH  two ", kSetName));
}

TEST(LoginTest, ReadsTheUserFileEachTime) {
  const TemporaryFolder folder;
  RedisConfig config;
  config.username = "from the configuration";
  config.username_file = folder.Write("username", "joe\n");
  config.password_file = folder.Write("password", "one\n");
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH joe one", kSetName));
  folder.Write("username", "jane");
  EXPECT_THAT(Commands(*MakeLogin(config)), ElementsAre("AUTH jane one", kSetName));
  config.username_file = folder.File("absent");
  const auto login = MakeLogin(config);
  ASSERT_FALSE(login);
  EXPECT_EQ(login.error().code, ErrorCode::kAuth);
  EXPECT_THAT(login.error().message, HasSubstr("the user file " + config.username_file));
}

TEST(LoginTest, SaysWhyThePasswordFileCannotBeUsed) {
  const TemporaryFolder folder;
  const struct {
    std::string path;
    std::string cause;
  } cases[] = {
      {folder.File("absent"), "No such file or directory"},
      {folder.path(), "directory"},
      {folder.Write("empty", ""), "its first line is empty"},
      {folder.Write("newline", "\nsecret"), "its first line is empty"},
      {folder.Write("long", std::string(5000, 'x')), "longer than a password"},
  };
  for (const auto& c : cases) {
    RedisConfig config;
    config.password_file = c.path;
    const auto login = MakeLogin(config);
    ASSERT_FALSE(login) << c.path;
    EXPECT_EQ(login.error().code, ErrorCode::kAuth);
    EXPECT_THAT(login.error().message, HasSubstr(c.path));
    EXPECT_THAT(login.error().message, HasSubstr(c.cause));
    EXPECT_THAT(login.error().message, Not(HasSubstr("secret")));
  }
}

TEST(LoginTest, TellsTheCausesApart) {
  RedisConfig config;
  config.username = "joe";
  config.address.database = 3;
  const Pipeline login = *MakeLogin(config);
  const Reply ok = TextReply("OK");
  const struct {
    const char* auth;
    const char* select;
    const char* set_name;
    std::optional<ErrorCode> code;
  } cases[] = {
      {"", "", "", std::nullopt},
      {"", "", "NOPERM no permissions", std::nullopt},
      {"", "", "ERR unknown command", std::nullopt},
      {"", "", "NOAUTH Authentication required.", ErrorCode::kAuth},
      {"WRONGPASS invalid username-password pair", "NOAUTH x", "NOAUTH x", ErrorCode::kAuth},
      {"ERR some proxy's words", "", "", ErrorCode::kAuth},
      {"", "ERR DB index is out of range", "", ErrorCode::kDatabase},
      {"", "ERR some proxy's words", "", ErrorCode::kDatabase},
      {"", "NOPERM no permissions", "", ErrorCode::kNoPermission},
      {"", "BUSY Redis is busy", "", ErrorCode::kBusy},
      {"LOADING Redis is loading", "", "", ErrorCode::kLoading},
  };
  for (const auto& c : cases) {
    const auto reply = [&](const std::string& text) {
      return text.empty() ? ok : ErrorReply(text);
    };
    const auto checked =
        CheckLogin(login, Replies({reply(c.auth), reply(c.select), reply(c.set_name)}));
    ASSERT_EQ(checked.has_value(), !c.code.has_value()) << c.auth << c.select << c.set_name;
    if (!checked) {
      EXPECT_EQ(checked.error().code, *c.code) << c.auth << c.select << c.set_name;
    }
  }
}

}  // namespace
}  // namespace bullmq_exporter
