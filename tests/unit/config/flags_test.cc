#include "exporter/config/flags.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace bullmq_exporter {
namespace {

TEST(FlagsTest, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Flag& flag : Flags()) {
    EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
    EXPECT_EQ(FindFlag(flag.name), &flag);
    EXPECT_FALSE(flag.help.empty()) << flag.name;
    EXPECT_FALSE(flag.group.empty()) << flag.name;
    EXPECT_EQ(flag.apply == nullptr, flag.name == kConfigFileFlag) << flag.name;
    EXPECT_EQ(flag.path.empty(), flag.name == kConfigFileFlag) << flag.name;
  }
  EXPECT_EQ(FindFlag("--poll.interval"), nullptr);
  EXPECT_EQ(FindFlag(""), nullptr);
}

// What --help says is the default makes no difference when it is said.
TEST(FlagsTest, TheTextOfADefaultIsThatDefault) {
  for (const Flag& flag : Flags()) {
    if (flag.text == nullptr) continue;
    const std::string text = flag.text(Config{});
    if (text.empty()) continue;
    Config config;
    ASSERT_TRUE(flag.apply({text}, config).has_value()) << flag.name;
    EXPECT_EQ(flag.text(config), text) << flag.name;
  }
}

}  // namespace
}  // namespace bullmq_exporter
