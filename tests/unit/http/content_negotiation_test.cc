#include "exporter/http/content_negotiation.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

TEST(ContentNegotiation, OpenMetricsWhereItIsPreferred) {
  struct Row {
    std::string accept;
    bool open_metrics;
  };
  const std::vector<Row> rows = {
      {"", false},
      {"*/*", false},
      {"text/plain", false},
      {"text/html, */*;q=0.8", false},
      {"application/openmetrics-text", true},
      {"application/openmetrics-text; version=1.0.0; charset=utf-8", true},
      {"application/openmetrics-text; version=\"1.0.0\"", true},
      {"APPLICATION/OpenMetrics-Text;VERSION=1.0.0", true},
      {"application/openmetrics-text; version=0.0.1", false},
      {"application/openmetrics-text; version=2.0.0", false},
      {"application/openmetrics-text;q=0", false},
      {"application/openmetrics-text;q=0.000", false},
      {"application/openmetrics-text;q=nonsense", false},
      {"application/openmetrics-text;q=0.5,text/plain;q=0.9", false},
      {"application/openmetrics-text;q=0.9,text/plain;q=0.5", true},
      {"text/plain, application/openmetrics-text", true},
      {"application/openmetrics-text;q=0.5, */*", false},
      {"application/openmetrics-text;q=0.5, text/plain;q=0.1, */*", true},
      {"application/*", false},
      // Prometheus 2.42, 2.53 and 3.5
      {"application/openmetrics-text;version=1.0.0,application/"
       "openmetrics-text;version=0.0.1;q=0.75,"
       "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       true},
      {"application/openmetrics-text;version=1.0.0;q=0.5,application/"
       "openmetrics-text;version=0.0.1;"
       "q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
       true},
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
       "application/openmetrics-text;version=0.0.1;q=0.4,"
       "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/"
       "*;q=0.1",
       true},
      {",,;;q=,application/openmetrics-text", true},
  };
  for (const auto& [accept, open_metrics] : rows) {
    EXPECT_EQ(PrefersOpenMetrics(accept), open_metrics) << accept;
  }
}

TEST(ContentNegotiation, GzipWhereItIsTaken) {
  struct Row {
    std::string accept_encoding;
    bool gzip;
  };
  const std::vector<Row> rows = {
      {"", false},
      {"gzip", true},
      {"GZIP", true},
      {"x-gzip", true},
      {"gzip, deflate, br", true},
      {"deflate, gzip;q=1.0, *;q=0.5", true},
      {"gzip;q=0", false},
      {"gzip;q=0.0, *", false},
      {"*", true},
      {"*;q=0", false},
      {"identity", false},
      {"identity, gzip;q=0.5", false},
      {"identity;q=0.5, gzip;q=0.5", true},
      {"br", false},
      {"gzipped", false},
  };
  for (const auto& [accept_encoding, gzip] : rows) {
    EXPECT_EQ(AcceptsGzip(accept_encoding), gzip) << accept_encoding;
  }
}

}  // namespace
}  // namespace bullmq_exporter
