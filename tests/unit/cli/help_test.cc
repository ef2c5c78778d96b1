#include "exporter/cli/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "exporter/cli/command_line.h"
#include "exporter/config/config.h"
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

// The text with its line breaks and indents made single spaces.
std::string Unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string unwrapped;
  for (std::string word; words >> word;) unwrapped += word + " ";
  return unwrapped;
}

TEST(HelpTest, EachFlagHasItsDefault) {
  const std::string help = HelpText();
  const Config defaults;
  for (const Flag& flag : Flags()) {
    const std::size_t begin = help.find("\n  --" + std::string(flag.name));
    ASSERT_NE(begin, std::string::npos) << flag.name;
    const std::string entry = Unwrapped(help.substr(help.find("(default", begin), 120));
    std::string text = flag.text != nullptr ? flag.text(defaults) : "";
    if (text.empty()) text = flag.value_name.empty() ? "off" : "none";
    if (flag.help.ends_with(')')) text = flag.help.substr(flag.help.rfind("(default ") + 9);
    EXPECT_THAT(entry, ::testing::StartsWith("(default " + text)) << flag.name;
  }
}

// A change of a default changes what people see: it is to be made here as well.
TEST(HelpTest, TheDocumentedDefaults) {
  const std::string help = Unwrapped(HelpText());
  for (const char* text :
       {"(default redis://127.0.0.1:6379/0)", "(default default)", "(default bull)", "(default 5s)",
        "(default 3s)", "(default :9538)", "(default :9539)", "(default info)", "(default logfmt)",
        "(default the system's)", "(default the host of the address)"}) {
    EXPECT_THAT(help, HasSubstr(text));
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
