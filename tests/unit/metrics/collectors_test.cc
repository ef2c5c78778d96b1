#include "exporter/metrics/collectors.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace bullmq_exporter {
namespace {

template <class Metrics>
void ExpectGoodFamilies(const Metrics& metrics, std::set<std::string_view>& names) {
  for (const auto& metric : metrics) {
    const MetricFamily& family = metric.family;
    EXPECT_TRUE(names.insert(family.name).second) << family.name << " stands twice in the table";
    EXPECT_TRUE(std::regex_match(std::string(family.name), std::regex("bull(mq)?_[a-z_]+")));
    EXPECT_EQ(family.type == MetricType::kCounter, family.name.ends_with("_total")) << family.name;
    EXPECT_TRUE(family.help.ends_with(".")) << family.name << " has no sentence for HELP";
    EXPECT_NE(metric.collect, nullptr);
  }
}

TEST(CollectorsTest, TheTableIsSound) {
  std::set<std::string_view> names;
  const Collectors collectors =
      AllCollectors({Compatibility::kBullmq, Compatibility::kBullExporter});
  ExpectGoodFamilies(collectors.queue, names);
  ExpectGoodFamilies(collectors.target, names);
}

TEST(CollectorsTest, CompatibilityOnlyAdds) {
  const Collectors without = AllCollectors({});
  const Collectors bullmq = AllCollectors({Compatibility::kBullmq});
  const Collectors bull_exporter = AllCollectors({Compatibility::kBullExporter});
  EXPECT_EQ(bullmq.queue.size(), without.queue.size() + 3);
  EXPECT_EQ(bull_exporter.queue.size(), without.queue.size() + 5);
}

}  // namespace
}  // namespace bullmq_exporter
