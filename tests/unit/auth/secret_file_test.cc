#include "exporter/auth/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_folder.h"

namespace bullmq_exporter {
namespace {

std::string TextOf(const Result<std::optional<SecretText>>& read) {
  if (!read) return "error: " + read.error().message;
  return *read ? (*read)->text() : "(same)";
}

TEST(SecretFileTest, GivesContentOnceAndAgainWhenItDiffers) {
  const TemporaryFolder folder;
  SecretFile file(folder.Write("f", "one"));
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "one");
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "(same)");
  folder.Write("f", "two");  // the same size, perhaps within one tick of the file system's clock
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "two");
  folder.Write("f", "two");
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "(same)");
  folder.Write("other", "three");
  std::filesystem::rename(folder.File("other"), folder.File("f"));
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "three");
}

TEST(SecretFileTest, IsUnchangedNeverSaysSoOfAChangedFile) {
  const TemporaryFolder folder;
  SecretFile file(folder.Write("f", "one"));
  EXPECT_FALSE(file.IsUnchanged());
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "one");
  folder.Write("f", "two");
  EXPECT_FALSE(file.IsUnchanged());
  std::filesystem::remove(folder.File("f"));
  EXPECT_FALSE(file.IsUnchanged());
}

TEST(SecretFileTest, EveryOneOfManyChangesInARowIsSeen) {
  const TemporaryFolder folder;
  SecretFile file(folder.File("f"));
  for (int i = 100; i < 300; ++i) {
    folder.Write("f", std::to_string(i));
    ASSERT_EQ(TextOf(file.ReadIfChanged()), std::to_string(i));
  }
}

TEST(SecretFileTest, FailsAndRecovers) {
  const TemporaryFolder folder;
  SecretFile file(folder.File("f"));
  EXPECT_EQ(TextOf(file.ReadIfChanged()),
            "error: " + folder.File("f") + ": No such file or directory");
  folder.Write("f", "one");
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "one");
  std::filesystem::remove(folder.File("f"));
  EXPECT_FALSE(file.ReadIfChanged());
  folder.Write("f", "one");
  EXPECT_EQ(TextOf(file.ReadIfChanged()), "(same)");
}

TEST(SecretFileTest, RefusesWhatIsNoFileOrTooLong) {
  const TemporaryFolder folder;
  EXPECT_FALSE(SecretFile(folder.File(".")).ReadIfChanged());
  ASSERT_EQ(mkfifo(folder.File("pipe").c_str(), 0600), 0);
  EXPECT_EQ(TextOf(SecretFile(folder.File("pipe")).ReadIfChanged()),
            "error: " + folder.File("pipe") + ": is not a regular file");
  folder.Write("long", std::string(SecretFile::kMaxBytes + 1, 'x'));
  EXPECT_FALSE(SecretFile(folder.File("long")).ReadIfChanged());
  folder.Write("full", std::string(SecretFile::kMaxBytes, 'x'));
  EXPECT_TRUE(SecretFile(folder.File("full")).ReadIfChanged());
}

TEST(SecretTextTest, MovesLeaveNothingBehind) {
  SecretText a("short");
  SecretText b(std::move(a));
  EXPECT_EQ(b.text(), "short");
  EXPECT_EQ(a.text(), "");  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move): what
                            // the class promises
  a = std::move(b);
  EXPECT_EQ(a.text(), "short");
}

}  // namespace
}  // namespace bullmq_exporter
