#include "exporter/bullmq/score.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(ScoreTest, TimesOfScores) {
  struct Case {
    const char* text;
    std::int64_t scale;
    std::optional<std::int64_t> ms;
  };
  for (const Case& c : {
           Case{"1764000000000", 1, 1764000000000},
           Case{"1764000000000.75", 1, 1764000000000},
           Case{"1.764e+12", 1, 1764000000000},
           Case{"7225344000000007", 4096, 1764000000000},
           Case{"0", 1, 0},
           Case{"-5", 1, -5},
           Case{"inf", 1, std::nullopt},
           Case{"-inf", 4096, std::nullopt},
           Case{"nan", 1, std::nullopt},
           Case{"1e300", 1, std::nullopt},
           Case{"1e300", 4096, std::nullopt},
           Case{"1125899906842624", 1, std::nullopt},
           Case{"1125899906842623", 1, 1125899906842623},
           Case{"", 1, std::nullopt},
           Case{"12x", 1, std::nullopt},
           Case{" 12", 1, std::nullopt},
       }) {
    EXPECT_EQ(MsOfScore(c.text, c.scale), c.ms) << c.text;
  }
}

}  // namespace
}  // namespace bullmq_exporter
