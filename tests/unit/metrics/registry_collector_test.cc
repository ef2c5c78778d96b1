#include "exporter/metrics/registry_collector.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace bullmq_exporter {
namespace {

TEST(RegistryCollectorTest, CountersAndGauges) {
  prometheus::Registry registry;
  auto& counter = prometheus::BuildCounter().Name("x_total").Help("An \"x\".\n").Register(registry);
  counter.Add({{"redis", "b"}}).Increment(3);
  counter.Add({{"redis", "a"}, {"purpose", "quote\"d"}}).Increment(0.5);
  prometheus::BuildGauge().Name("y").Help("Y.").Register(registry).Add({}).Set(-2);
  std::vector<TextFamily> families = CollectRegistry(registry);
  ASSERT_EQ(families.size(), 2);
  EXPECT_EQ(families[0].name, "x_total");
  EXPECT_EQ(families[0].type, MetricType::kCounter);
  EXPECT_EQ(families[0].help, "An \"x\".\n");
  EXPECT_EQ(families[0].samples,
            "x_total{purpose=\"quote\\\"d\",redis=\"a\"} 0.5\n"
            "x_total{redis=\"b\"} 3\n");
  EXPECT_EQ(families[1].type, MetricType::kGauge);
  EXPECT_EQ(families[1].samples, "y -2\n");
}

TEST(RegistryCollectorTest, Histograms) {
  prometheus::Registry registry;
  auto& histogram = prometheus::BuildHistogram()
                        .Name("x_seconds")
                        .Help("X.")
                        .Register(registry)
                        .Add({{"redis", "a"}}, prometheus::Histogram::BucketBoundaries{0.0005, 1});
  histogram.Observe(0.25);
  histogram.Observe(0.5);
  histogram.Observe(3);
  const std::vector<TextFamily> families = CollectRegistry(registry);
  ASSERT_EQ(families.size(), 1);
  EXPECT_EQ(families[0].type, MetricType::kHistogram);
  EXPECT_EQ(families[0].samples,
            "x_seconds_bucket{redis=\"a\",le=\"0.0005\"} 0\n"
            "x_seconds_bucket{redis=\"a\",le=\"1.0\"} 2\n"
            "x_seconds_bucket{redis=\"a\",le=\"+Inf\"} 3\n"
            "x_seconds_count{redis=\"a\"} 3\n"
            "x_seconds_sum{redis=\"a\"} 3.75\n");
}

}  // namespace
}  // namespace bullmq_exporter
