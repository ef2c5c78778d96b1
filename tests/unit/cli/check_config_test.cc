#include "exporter/cli/check_config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

class CheckConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "check_config_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  int Check(const std::vector<std::string>& files) {
    out_.str("");
    err_.str("");
    return CheckConfig(files, out_, err_);
  }

  std::filesystem::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CheckConfigTest, AGoodFile) {
  const std::string good = Write("good.yaml", "poll: {interval: 2s}\n");
  EXPECT_EQ(Check({good}), 0);
  EXPECT_EQ(out_.str(), good + ": ok\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CheckConfigTest, EveryFaultOfEveryFile) {
  const std::string good = Write("good.yaml", "");
  const std::string bad = Write("bad.yaml", "poll: {interval: 2, timeout: 0s}\nlogs: {}\n");
  const std::string absent = folder_ / "absent.yaml";
  EXPECT_EQ(Check({bad, good, absent}), 1);
  EXPECT_EQ(out_.str(), good + ": ok\n");
  EXPECT_EQ(err_.str(),
            bad +
                ":1:18: poll.interval: \"2\" is not a duration; write for example 500ms, 5s, "
                "1m30s or 1h\n" +
                bad + ":1:30: poll.timeout: 0s is not from 10ms to 7d\n" + bad +
                ":2:1: unknown key \"logs\"; did you mean \"log\"?\n" + absent +
                ": cannot be read: No such file or directory\n");
}

TEST_F(CheckConfigTest, NeedsAFile) {
  EXPECT_EQ(Check({}), 2);
  EXPECT_EQ(err_.str(),
            "bullmq_exporter: check-config needs a file: bullmq_exporter check-config FILE...\n");
}

}  // namespace
}  // namespace bullmq_exporter
