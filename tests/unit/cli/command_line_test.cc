#include "exporter/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using Words = std::vector<std::string>;

CommandLine Parsed(const Words& words) {
  auto line = ParseCommandLine(words);
  EXPECT_TRUE(line.has_value()) << (line ? "" : line.error().message);
  return line.value_or(CommandLine{});
}

TEST(CommandLineTest, NothingServes) {
  const CommandLine line = Parsed({});
  EXPECT_EQ(line.command, Command::kServe);
  EXPECT_THAT(line.flags, IsEmpty());
}

TEST(CommandLineTest, FlagsWithEqualsOrASpaceInTheirOrder) {
  const CommandLine line = Parsed({"--poll.interval=5s", "--redis.prefix", "a,b", "--poll.interval",
                                   "6s", "--redis.prefix=c", "--no-discovery"});
  EXPECT_THAT(line.flags, ElementsAre(Pair("no-discovery", ElementsAre("true")),
                                      Pair("poll.interval", ElementsAre("5s", "6s")),
                                      Pair("redis.prefix", ElementsAre("a,b", "c"))));
}

TEST(CommandLineTest, ValuesAreTakenAsTheyStand) {
  const CommandLine line =
      Parsed({"--queues=[x]", "--redis.name", "", "--api.keys-file=", "--log.level=-x",
              "--redis.username=a=b \"c'", "--no-discovery=false"});
  EXPECT_THAT(
      line.flags,
      ElementsAre(Pair("api.keys-file", ElementsAre("")), Pair("log.level", ElementsAre("-x")),
                  Pair("no-discovery", ElementsAre("false")), Pair("queues", ElementsAre("[x]")),
                  Pair("redis.name", ElementsAre("")),
                  Pair("redis.username", ElementsAre("a=b \"c'"))));
}

TEST(CommandLineTest, ASwitchTakesNoWordForItsValue) {
  const CommandLine line = Parsed({"--no-discovery", "queues", "--json"});
  EXPECT_EQ(line.command, Command::kQueues);
  EXPECT_THAT(line.flags, ElementsAre(Pair("no-discovery", ElementsAre("true"))));
  EXPECT_THAT(Parsed({"queues", "--json=false"}).own_flags, IsEmpty());
}

TEST(CommandLineTest, FlagsStandBeforeAndAfterASubCommand) {
  const CommandLine line =
      Parsed({"--redis.prefix=a", "queues", "--json", "--redis.prefix=b", "--queues=x"});
  EXPECT_EQ(line.command, Command::kQueues);
  EXPECT_THAT(line.own_flags, ElementsAre(Pair("json", ElementsAre("true"))));
  EXPECT_THAT(line.flags, ElementsAre(Pair("queues", ElementsAre("x")),
                                      Pair("redis.prefix", ElementsAre("a", "b"))));
}

TEST(CommandLineTest, SubCommandsHaveArgumentsAndFlagsOfTheirOwn) {
  const CommandLine check = Parsed({"check-config", "a.yaml", "--log.level=debug", "b.yaml"});
  EXPECT_EQ(check.command, Command::kCheckConfig);
  EXPECT_THAT(check.arguments, ElementsAre("a.yaml", "b.yaml"));
  EXPECT_THAT(Parsed({"check-config", "--", "--odd"}).arguments, ElementsAre("--odd"));
  EXPECT_THAT(Parsed({"check-config"}).arguments, IsEmpty());
  const CommandLine key =
      Parsed({"new-key", "--name", "n", "--permission=a", "--permission=b", "--expires=90d"});
  EXPECT_EQ(key.command, Command::kNewKey);
  EXPECT_THAT(key.own_flags,
              ElementsAre(Pair("expires", ElementsAre("90d")), Pair("name", ElementsAre("n")),
                          Pair("permission", ElementsAre("a", "b"))));
  EXPECT_EQ(Parsed({"healthcheck", "--url=http://x"}).command, Command::kHealthcheck);
}

TEST(CommandLineTest, HelpAndVersionWin) {
  for (const Words& words : {Words{"--help"}, Words{"-h"}, Words{"queues", "--help"},
                             Words{"--help", "--version", "--poll.interval=x"}}) {
    EXPECT_EQ(Parsed(words).command, Command::kHelp);
  }
  EXPECT_EQ(Parsed({"--version"}).command, Command::kVersion);
}

TEST(CommandLineTest, WhatIsWrongIsNamedInOneLine) {
  const struct {
    Words words;
    const char* message;
  } cases[] = {
      {{"--poll.intervall=5s"},
       "unknown flag \"--poll.intervall\"; did you mean --poll.interval? (--help shows all)"},
      {{"-poll.interval=5s"},
       "unknown flag \"-poll.interval\"; did you mean --poll.interval? (--help shows all)"},
      {{"--redis-addr", "x"},
       "unknown flag \"--redis-addr\"; did you mean --redis.addr? (--help shows all)"},
      {{"--bogus"}, "unknown flag \"--bogus\" (--help shows all)"},
      {{"--web.config.file=x"}, "unknown flag \"--web.config.file\" (--help shows all)"},
      {{"--web.enable-lifecycle"}, "unknown flag \"--web.enable-lifecycle\" (--help shows all)"},
      {{"--json"}, "unknown flag \"--json\" (--help shows all)"},
      {{"queues", "--jsn"}, "unknown flag \"--jsn\"; did you mean --json? (--help shows all)"},
      {{"--no-discovery=", "queues"},
       "flag --no-discovery= needs true or false (--help shows all)"},
      {{"queues", "--json=yes"}, "flag --json needs true or false (--help shows all)"},
      {{"queues", "--json="}, "flag --json= needs true or false (--help shows all)"},
      {{"--poll.interval"}, "flag --poll.interval needs a value (--help shows all)"},
      {{"new-key", "--name"}, "flag --name needs a value (--help shows all)"},
      {{"--redis.name", "--poll.interval", "5s"},
       "flag --redis.name needs a value (--help shows all)"},
      {{"--redis.name", "--poll.interval=5s"},
       "flag --redis.name needs a value (--help shows all)"},
      {{"new-key", "--name", "--keys-file=keys.yaml"},
       "flag --name needs a value (--help shows all)"},
      {{"queue"}, "unknown sub-command \"queue\"; did you mean \"queues\"? (--help shows all)"},
      {{"jobs"},
       "unknown sub-command \"jobs\"; there are check-config, new-key, healthcheck, queues (--help "
       "shows all)"},
      {{"queues", "mail"}, "queues takes no argument \"mail\" (--help shows all)"},
      {{"queues", "new-key"}, "queues takes no argument \"new-key\" (--help shows all)"},
  };
  for (const auto& c : cases) {
    const auto line = ParseCommandLine(c.words);
    ASSERT_FALSE(line.has_value()) << c.message;
    EXPECT_EQ(line.error().message, c.message);
  }
}

}  // namespace
}  // namespace bullmq_exporter
