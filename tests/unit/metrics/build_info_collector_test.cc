#include "exporter/metrics/build_info_collector.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

TEST(BuildInfoCollectorTest, ShowsTheBuild) {
  const TextFamily family = BuildInfoFamily({.version = "1.2.3",
                                             .revision = "0123456789ab",
                                             .compiler = "GCC 14.2.0",
                                             .platform = "linux/x86_64"});
  EXPECT_EQ(family.samples,
            "bullmq_exporter_build_info{version=\"1.2.3\",revision=\"0123456789ab\","
            "compiler=\"GCC 14.2.0\"} 1\n");
}

}  // namespace
}  // namespace bullmq_exporter
