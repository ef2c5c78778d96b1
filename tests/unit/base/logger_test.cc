#include "exporter/base/logger.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bullmq_exporter {
namespace {

using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

TEST(LoggerTest, LogfmtQuotesWhatNeedsIt) {
  CaptureStderr();
  Logger(LogLevel::kInfo, LogFormat::kLogfmt)
      .Info("queue found",
            {{"queue", "a b\n\"x\"=\x01\xc2\x9b"}, {"jobs", 12}, {"prefix", "bull"}});
  const std::string line = GetCapturedStderr();
  EXPECT_NE(
      line.find(R"( level=info msg="queue found" queue="a b\\x0A\"x\"=\\x01\\xC2\\x9B" jobs=12 )"
                "prefix=bull"),
      std::string::npos)
      << line;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << "one message is one line";
}

TEST(LoggerTest, JsonIsAlwaysValid) {
  CaptureStderr();
  Logger(LogLevel::kInfo, LogFormat::kJson)
      .Warn("x", {{"queue", "\xff\"\n\xe2\x80\xae"}, {"n", 1.5}});
  const std::string line = GetCapturedStderr();
  EXPECT_NE(line.find(R"("level":"warn","msg":"x","queue":"\\xFF\"\\x0A\\xE2\\x80\\xAE",)"),
            std::string::npos)
      << line;
  EXPECT_NE(line.find(R"("n":1.5})"), std::string::npos) << line;
}

// A request for %C2%9B2J is logged, whoever sends it; U+009B begins a command as ESC [ does.
TEST(LoggerTest, NoTerminalObeysALine) {
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    CaptureStderr();
    Logger(LogLevel::kInfo, format).Info("x", {{"queue", "\u009b2J\u009f\u00a0\u00e9"}});
    const std::string line = GetCapturedStderr();
    EXPECT_NE(line.find("\\\\xC2\\\\x9B2J\\\\xC2\\\\x9F\u00a0\u00e9"), std::string::npos) << line;
    EXPECT_EQ(line.find('\x9b'), std::string::npos);
  }
}

TEST(LoggerTest, BelowTheLevelNothingIsWritten) {
  CaptureStderr();
  Logger(LogLevel::kWarn, LogFormat::kLogfmt).Info("quiet");
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace bullmq_exporter
