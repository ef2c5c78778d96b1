#include "exporter/auth/new_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "exporter/auth/api_keys.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/auth/file_content.h"

namespace bullmq_exporter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(NewKeyTest, TheEntryOpensForTheKey) {
  const auto made = MakeNewKey({.name = "on \"call\": \\ #1",
                                .permissions = {"manage:all", "x"},
                                .expires_ms = 1798761600000});
  ASSERT_TRUE(made);
  EXPECT_THAT(made->key, MatchesRegex("bmx_[A-Za-z0-9_-]{43}"));
  EXPECT_THAT(made->entry, Not(HasSubstr(made->key)));
  const auto keys = ApiKeys::Parse("keys:\n  - " + made->entry, "k");
  ASSERT_TRUE(keys) << keys.error().message;
  const ApiKey* key = keys->Find(made->key, 1798761599999);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->name, "on \"call\": \\ #1");
  EXPECT_THAT(key->permissions, ElementsAre("manage:all", "x"));
  EXPECT_EQ(keys->Find(made->key, 1798761600000), nullptr);
}

TEST(NewKeyTest, NoTwoKeysAreTheSame) {
  std::set<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.insert(MakeNewKey({.name = "a"})->key);
  EXPECT_EQ(keys.size(), 100u);
}

TEST(NewKeyTest, RefusesNamesThatNobodyCouldRead) {
  for (const std::string& name :
       {std::string(), std::string("a\nb"), std::string("\xff"), std::string("\0", 1),
        std::string(129, 'a'), std::string("a\x7f"), std::string("a\u009b")}) {
    EXPECT_FALSE(MakeNewKey({.name = name}));
    EXPECT_FALSE(MakeNewKey({.name = "a", .permissions = {name}}));
  }
  EXPECT_TRUE(MakeNewKey({.name = std::string(128, 'a')}));
  EXPECT_TRUE(MakeNewKey({.name = "null"}));
  EXPECT_TRUE(MakeNewKey({.name = "Bereitschaft ü"}));
}

TEST(NewKeyTest, AppendsToAFile) {
  const TemporaryFolder folder;
  const auto first = MakeNewKey({.name = "null"});
  const auto second = MakeNewKey({.name = "b"});
  ASSERT_TRUE(AppendToKeysFile(folder.File("keys.yaml"), *first));
  ASSERT_TRUE(AppendToKeysFile(folder.File("keys.yaml"), *second));
  const auto again = AppendToKeysFile(folder.File("keys.yaml"), *second);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("has a key with this name already"));
  const auto keys = ApiKeys::Parse(ContentOf(folder.File("keys.yaml")), "k");
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->keys().size(), 2u);
  EXPECT_EQ(keys->Find(first->key, 0)->name, "null");
  EXPECT_EQ(keys->Find(second->key, 0)->name, "b");
  EXPECT_EQ(ModeOf(folder.File("keys.yaml")), 0600u);
}

}  // namespace
}  // namespace bullmq_exporter
