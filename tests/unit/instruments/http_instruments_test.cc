#include "exporter/instruments/http_instruments.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

TEST(HttpInstrumentsTest, CountsRequestsByRouteAndStatus) {
  prometheus::Registry registry;
  HttpInstruments http(registry, "telemetry");
  http.CountRequest("/metrics", 200, 0.001);
  http.CountRequest("/metrics", 200, 0.002);
  http.CountRequest("/metrics", 503, 0.002);
  const auto values = Collected(registry);
  const std::string ok = R"({code="200",handler="/metrics",listener="telemetry"})";
  const std::string failed = R"({code="503",handler="/metrics",listener="telemetry"})";
  EXPECT_EQ(values.at("bullmq_exporter_http_requests_total" + ok), 2);
  EXPECT_EQ(values.at("bullmq_exporter_http_request_duration_seconds_count" + ok), 2);
  EXPECT_EQ(values.at("bullmq_exporter_http_requests_total" + failed), 1);
}

TEST(HttpInstrumentsTest, RejectionsBeginAtZero) {
  prometheus::Registry registry;
  HttpInstruments http(registry, "api");
  http.CountRejected("deadline");
  const auto values = Collected(registry);
  for (const char* reason : {"connections", "per_address", "header", "deadline"}) {
    const std::string series = R"(bullmq_exporter_http_rejected_total{listener="api",reason=")" +
                               std::string(reason) + "\"}";
    EXPECT_EQ(values.at(series), reason == std::string("deadline") ? 1 : 0) << reason;
  }
}

TEST(HttpInstrumentsTest, CountsFromManyThreads) {
  prometheus::Registry registry;
  HttpInstruments http(registry, "api");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&http] {
      for (int i = 0; i < 1000; ++i) http.CountRequest("/v1/jobs/queues", 200 + i % 3, 0.001);
    });
  }
  threads.clear();
  const auto values = Collected(registry);
  double sum = 0;
  for (const char* code : {"200", "201", "202"}) {
    sum += values.at(R"(bullmq_exporter_http_requests_total{code=")" + std::string(code) +
                     R"(",handler="/v1/jobs/queues",listener="api"})");
  }
  EXPECT_EQ(sum, 4000);
}

}  // namespace
}  // namespace bullmq_exporter
