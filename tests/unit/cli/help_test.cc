#include "exporter/cli/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "exporter/base/utf8.h"
#include "exporter/cli/command_line.h"
#include "exporter/config/flags.h"

namespace bullmq_exporter {
namespace {

using ::testing::HasSubstr;

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(HelpTest, EachFlagStandsThereOnceAtTheBeginningOfALine) {
  const std::string help = HelpText();
  for (const Flag& flag : Flags()) {
    std::string entry = "\n  --" + std::string(flag.name);
    entry += flag.value_name.empty() ? " " : "=" + std::string(flag.value_name);
    EXPECT_EQ(Count(help + " ", entry), 1) << flag.name;
  }
  for (const SubCommand& command : SubCommands()) {
    EXPECT_EQ(Count(help, "\n  " + std::string(command.name) + " "), 1) << command.name;
    for (const CommandFlag& flag : command.flags) {
      EXPECT_EQ(Count(help, "\n    --" + std::string(flag.name)), 1) << flag.name;
    }
  }
}

TEST(HelpTest, DefaultsAreThoseOfTheCode) {
  const std::string help = HelpText();
  for (const char* text : {"(default redis://127.0.0.1:6379/0)", "(default default)",
                           "(default bull)", "(default 5s)", "(default 3s)", "(default :9538)",
                           "(default :9539)", "(default info)", "(default logfmt)"}) {
    std::string joined = help;  // words may be wrapped
    joined.erase(std::unique(joined.begin(), joined.end(),
                             [](char a, char b) { return a <= ' ' && b <= ' '; }),
                 joined.end());
    std::replace(joined.begin(), joined.end(), '\n', ' ');
    EXPECT_THAT(joined, HasSubstr(text));
  }
}

TEST(HelpTest, LinesFitATerminal) {
  std::istringstream lines(HelpText());
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(HelpTest, VersionLooksLikePrometheus) {
  EXPECT_EQ(VersionText({"1.2.3", "abcdef123456", "GCC 14.2.0", "linux/x86_64"}),
            "bullmq_exporter, version 1.2.3 (revision: abcdef123456)\n"
            "  compiler:         GCC 14.2.0\n"
            "  platform:         linux/x86_64\n");
}

}  // namespace
}  // namespace bullmq_exporter
