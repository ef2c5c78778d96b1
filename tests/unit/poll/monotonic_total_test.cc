#include "exporter/poll/monotonic_total.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(MonotonicTotalTest, NeverFallsAndGoesOnByWhatIsAdded) {
  MonotonicTotal total;
  EXPECT_EQ(total.value(), std::nullopt);
  struct Step {
    std::optional<std::int64_t> raw;
    std::optional<std::int64_t> shown;
  };
  for (const Step& step : {
           Step{100, 100},
           Step{105, 105},
           Step{95, 105},   // a failover lost ten ids
           Step{100, 110},  // five more were given out
           Step{std::nullopt, std::nullopt},
           Step{3, 110},  // obliterated, and begun anew
           Step{4, 111},
           Step{4, 111},
       }) {
    total.Update(step.raw);
    EXPECT_EQ(total.value(), step.shown);
  }
}

}  // namespace
}  // namespace bullmq_exporter
