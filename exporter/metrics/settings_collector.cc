#include "exporter/metrics/settings_collector.h"

#include "exporter/metrics/sample_writer.h"

namespace bullmq_exporter {

std::vector<TextFamily> SettingsFamilies(Duration poll_interval, Duration failures_window) {
  std::vector<TextFamily> families = {
      {"bullmq_exporter_poll_interval_seconds",
       MetricType::kGauge,
       "The setting poll.interval: what comes from Redis is this old at most while polls succeed.",
       {}},
      {"bullmq_exporter_failures_window_seconds",
       MetricType::kGauge,
       "The setting failures.window: how far back bullmq_queue_recent_failures looks.",
       {}}};
  const Duration values[] = {poll_interval, failures_window};
  for (std::size_t i = 0; i < families.size(); ++i) {
    SampleWriter out(families[i].samples);
    out.Begin(families[i].name, {});
    out.TimeMs(values[i].count());
  }
  return families;
}

}  // namespace bullmq_exporter
