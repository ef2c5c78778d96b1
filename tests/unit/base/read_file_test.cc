#include "exporter/base/read_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace bullmq_exporter {
namespace {

class ReadFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "read_file_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& content) {
    const std::string path = folder_ / "file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(ReadFileTest, GivesTheBytes) {
  const std::string content = std::string("a\0b\n", 4) + std::string(100000, 'x');
  const std::string path = Write(content);
  EXPECT_EQ(ReadFile(path, content.size()).value(), content);
  EXPECT_EQ(ReadFile(Write(""), 0).value(), "");
}

TEST_F(ReadFileTest, SaysWhyItCannot) {
  const std::string path = Write("12345");
  EXPECT_EQ(ReadFile(path, 4).error(),
            (Error{ErrorCode::kInvalidArgument, path + ": has more than 4 bytes"}));
  EXPECT_EQ(ReadFile(path + "x", 4).error(),
            (Error{ErrorCode::kNotFound, path + "x: cannot be read: No such file or directory"}));
  EXPECT_EQ(
      ReadFile(folder_, 4).error(),
      (Error{ErrorCode::kInvalidArgument, folder_.string() + ": cannot be read: Is a directory"}));
}

TEST_F(ReadFileTest, CheckReadableSaysTheSame) {
  const std::string path = Write("12345");
  EXPECT_TRUE(CheckReadable(path).has_value());
  EXPECT_EQ(CheckReadable(path + "x").error(), ReadFile(path + "x", 4).error());
  EXPECT_EQ(CheckReadable(folder_).error(), ReadFile(folder_, 4).error());
  ASSERT_EQ(mkfifo((path + ".fifo").c_str(), 0600), 0);
  EXPECT_TRUE(CheckReadable(path + ".fifo").has_value());  // and does not wait for a writer
}

}  // namespace
}  // namespace bullmq_exporter
