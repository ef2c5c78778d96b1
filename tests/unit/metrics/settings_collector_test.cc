#include "exporter/metrics/settings_collector.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(SettingsCollectorTest, DurationsAreSeconds) {
  std::string samples;
  for (const TextFamily& family :
       SettingsFamilies(std::chrono::milliseconds(2500), std::chrono::hours(2))) {
    samples += family.samples;
  }
  EXPECT_EQ(samples,
            "bullmq_exporter_poll_interval_seconds 2.5\n"
            "bullmq_exporter_failures_window_seconds 7200\n");
}

}  // namespace
}  // namespace bullmq_exporter
