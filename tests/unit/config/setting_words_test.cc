#include "exporter/config/setting_words.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(SettingWordsTest, WordsAndBack) {
  for (const char* word : {"debug", "info", "warn", "error"}) {
    EXPECT_EQ(LogLevelName(ParseLogLevel(word).value()), word);
  }
  for (const char* word : {"logfmt", "json"}) {
    EXPECT_EQ(LogFormatName(ParseLogFormat(word).value()), word);
  }
  EXPECT_EQ(ParseCompatibility("bullmq").value(), Compatibility::kBullmq);
  EXPECT_EQ(ParseCompatibility("bull_exporter").value(), Compatibility::kBullExporter);
}

TEST(SettingWordsTest, OthersAreRefusedWithWhatIsAllowed) {
  EXPECT_EQ(ParseLogLevel("Info").error().message,
            "\"Info\" is not one of debug, info, warn, error");
  EXPECT_EQ(ParseLogFormat("").error().message, "\"\" is not one of logfmt, json");
  EXPECT_EQ(ParseCompatibility("bull").error().message,
            "\"bull\" is not one of bullmq, bull_exporter");
}

}  // namespace
}  // namespace bullmq_exporter
