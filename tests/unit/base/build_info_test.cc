#include "exporter/base/build_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(BuildInfoTest, IsFilledIn) {
  const BuildInfo info = GetBuildInfo();
  EXPECT_THAT(std::string(info.version), ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(std::string(info.revision), ::testing::MatchesRegex("unknown|[0-9a-f]+(-dirty)?"));
  EXPECT_THAT(std::string(info.compiler), ::testing::MatchesRegex("[A-Za-z]+ [0-9.]+"));
  EXPECT_THAT(std::string(info.platform), ::testing::StartsWith("linux/"));
}

}  // namespace
}  // namespace bullmq_exporter
