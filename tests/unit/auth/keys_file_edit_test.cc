#include "exporter/auth/keys_file_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "exporter/auth/api_keys.h"
#include "exporter/base/sha256.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/auth/file_content.h"

namespace bullmq_exporter {
namespace {

using testing::HasSubstr;

std::string Entry(const std::string& name) {
  return "{name: " + name + ", sha256: " + Sha256Hex(name) + ", permissions: [\"manage:all\"]}";
}

TEST(KeysFileEditTest, AddsToListsInEveryLayout) {
  const std::string a = Entry("a");
  const std::string b = Entry("b");
  const std::string block = "    name: x\n    sha256: " + Sha256Hex("x") + "\n    permissions:\n" +
                            "      - manage:all\n";
  struct Case {
    std::string before;
    std::string after;
  };
  for (const Case& c : {
           Case{"", "keys:\n  - " + b + "\n"},
           Case{" \n\n", "keys:\n  - " + b + "\n"},
           Case{"keys: []", "keys: [" + b + "]"},
           Case{"# ours\nkeys: [] # [none]\n", "# ours\nkeys: [" + b + "] # [none]\n"},
           Case{"keys: [" + a + "]\n", "keys: [" + a + ", " + b + "]\n"},
           Case{"keys: [\n  " + a + ",\n]\n", "keys: [\n  " + a + ",\n" + b + "]\n"},
           Case{"keys:\n- " + a, "keys:\n- " + a + "\n- " + b + "\n"},
           Case{"keys:\n  - " + a + "\n# end\n", "keys:\n  - " + a + "\n# end\n  - " + b + "\n"},
           Case{"keys:\n  -\n" + block, "keys:\n  -\n" + block + "  - " + b + "\n"},
           Case{"keys:\n  -" + block.substr(3), "keys:\n  -" + block.substr(3) + "  - " + b + "\n"},
       }) {
    const auto added = WithEntryAdded(c.before, "k", b);
    if (!added) {
      EXPECT_EQ(c.before, "keys:\n  -\n" + block) << added.error().message;
      continue;
    }
    EXPECT_EQ(*added, c.after);
    const auto keys = ApiKeys::Parse(*added, "k");
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->keys().back().name, "b");
  }
}

TEST(KeysFileEditTest, RefusesWithoutLoss) {
  struct Case {
    std::string before;
    std::string says;
  };
  for (const Case& c : {
           Case{"keys: [" + Entry("b") + "]", "has a key with this name already"},
           Case{"keys: [", "k:"},
           Case{"other: 1\n", "keys: is missing"},
           Case{"keys: []\n---\n", "k:"},
           Case{"\"keys\": !!seq []", "k:"},
       }) {
    const auto added = WithEntryAdded(c.before, "k", Entry("b"));
    ASSERT_FALSE(added) << c.before;
    EXPECT_THAT(added.error().message, HasSubstr(c.says));
  }
}

TEST(KeysFileEditTest, MakesAPrivateFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(EditFile(folder.File("f"), [](std::string_view old) -> Result<std::string> {
    return std::string(old) + "new";
  }));
  EXPECT_EQ(ContentOf(folder.File("f")), "new");
  EXPECT_EQ(ModeOf(folder.File("f")), 0600u);
  EXPECT_EQ(FileCount(folder.path()), 1u);
}

TEST(KeysFileEditTest, KeepsModeAndLinks) {
  const TemporaryFolder folder;
  folder.Write("real", "old");
  std::filesystem::permissions(folder.File("real"), std::filesystem::perms(0640));
  std::filesystem::create_symlink("real", folder.File("link"));
  ASSERT_TRUE(EditFile(folder.File("link"), [](std::string_view old) -> Result<std::string> {
    return std::string(old) + "+new";
  }));
  EXPECT_EQ(ContentOf(folder.File("real")), "old+new");
  EXPECT_EQ(ModeOf(folder.File("real")), 0640u);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.File("link")));
  EXPECT_EQ(FileCount(folder.path()), 2u);
}

TEST(KeysFileEditTest, AFailedEditLeavesEverythingAsItWas) {
  const TemporaryFolder folder;
  folder.Write("f", "old");
  const auto refuse = [](std::string_view) -> Result<std::string> {
    return Fail(ErrorCode::kInvalidArgument, "no");
  };
  EXPECT_EQ(EditFile(folder.File("f"), refuse).error().message, "no");
  EXPECT_EQ(EditFile(folder.File("g"), refuse).error().message, "no");
  EXPECT_FALSE(EditFile(folder.File("none/f"),
                        [](std::string_view) -> Result<std::string> { return std::string(); }));
  EXPECT_EQ(ContentOf(folder.File("f")), "old");
  EXPECT_EQ(FileCount(folder.path()), 1u);
}

TEST(KeysFileEditTest, ThoseWhoAddAtOnceLoseNothing) {
  const TemporaryFolder folder;
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(EditFile(folder.File("f"), [](std::string_view old) -> Result<std::string> {
          return std::string(old) + ".";
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ContentOf(folder.File("f")).size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(FileCount(folder.path()), 1u);
}

}  // namespace
}  // namespace bullmq_exporter
