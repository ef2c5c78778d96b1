#include "exporter/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <stdexcept>

#include "exporter/base/build_info.h"
#include "exporter/http/request_target.h"
#include "exporter/http/routes.h"
#include "tests/unit/instruments/collected.h"

namespace bullmq_exporter {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TelemetryRouterTest : public testing::Test {
 protected:
  HttpResponse Ask(const std::string& method, const std::string& target,
                   std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    request.path = ParseRequestTarget(target).value_or(RequestTarget{}).path;
    request.headers = std::move(headers);
    return router_.Handle(request);
  }

  static std::string Body(const HttpResponse& response) {
    if (const auto* text = std::get_if<std::string>(&response.body)) return *text;
    std::string body;
    std::get<StreamedBody>(response.body).write([&](std::string_view piece) {
      body += piece;
      return true;
    });
    return body;
  }

  static std::string Header(const HttpResponse& response, std::string_view name) {
    for (const HttpHeader& header : response.headers) {
      if (header.name == name) return header.value;
    }
    return "";
  }

  bool ready_ = false;
  bool broken_ = false;
  prometheus::Registry registry_;
  HttpInstruments instruments_{registry_, "telemetry"};
  Exposition exposition_{{}, registry_};
  Router router_{ListenerKind::kTelemetry,
                 {.exposition = &exposition_,
                  .ready =
                      [this] {
                        if (broken_) throw std::runtime_error("secret");
                        return ready_;
                      }},
                 instruments_,
                 Logger(LogLevel::kError, LogFormat::kLogfmt)};
};

TEST_F(TelemetryRouterTest, Metrics) {
  const HttpResponse text = Ask("GET", "/metrics?x");
  EXPECT_EQ(text.status, 200);
  EXPECT_THAT(Body(text), HasSubstr("# TYPE bullmq_exporter_build_info gauge\n"));
  EXPECT_EQ(Body(text).size(), text.BodySize());
  EXPECT_EQ(text.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(Header(text, "Content-Encoding"), "");
  EXPECT_EQ(Header(text, "Vary"), "Accept, Accept-Encoding");
  const HttpResponse open = Ask(
      "GET", "/metrics",
      {{"Accept", "text/plain;q=0.5"}, {"Accept", "application/openmetrics-text;version=1.0.0"}});
  EXPECT_EQ(open.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_THAT(Body(open), EndsWith("# EOF\n"));
  const HttpResponse gzip = Ask("GET", "/metrics", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(Header(gzip, "Content-Encoding"), "gzip");
  EXPECT_THAT(Body(gzip), StartsWith("\x1F\x8B"));
  EXPECT_EQ(Body(gzip).size(), gzip.BodySize());
}

TEST_F(TelemetryRouterTest, Health) {
  EXPECT_EQ(Ask("GET", "/-/healthy").status, 200);
  EXPECT_EQ(Ask("GET", "/-/ready").status, 503);
  ready_ = true;
  EXPECT_EQ(Ask("GET", "/-/ready").status, 200);
}

TEST_F(TelemetryRouterTest, LandingPageNamesTheEndpointsOfItsListener) {
  const HttpResponse page = Ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  for (const HttpRoute& route : Routes()) {
    if (route.help.empty()) continue;
    const std::string link = "<a href=\"" + std::string(route.pattern) + "\">";
    EXPECT_EQ(Body(page).find(link) != std::string::npos,
              route.listener == ListenerKind::kTelemetry)
        << route.pattern;
  }
  EXPECT_THAT(Body(page), HasSubstr("Version " + std::string(GetBuildInfo().version)));
}

TEST_F(TelemetryRouterTest, MethodsAndUnknownPaths) {
  for (const std::string method :
       {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"}) {
    for (const std::string target : {"/metrics", "/nothing"}) {
      const HttpResponse response = Ask(method, target);
      EXPECT_EQ(response.status, 405) << method;
      EXPECT_EQ(Header(response, "Allow"), "GET, HEAD");
    }
  }
  for (const std::string target :
       {"/metrics/", "//metrics", "/Metrics", "/metrics%2F", "/-/ready/..", "/%2e%2e/metrics",
        "/v1/jobs/queues", "/metrics%00"}) {
    const HttpResponse response = Ask("GET", target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(Body(response), "Not found\n") << target;
  }
  EXPECT_EQ(Ask("HEAD", "/metrics").status, 200);
}

TEST_F(TelemetryRouterTest, CountsByRouteNeverByPath) {
  for (const std::string target : {"/metrics", "/metrics", "/-/ready", "/secret-path"}) {
    const HttpResponse response = Ask("GET", target);
    response.done({response.status, 0.25, true});
  }
  const auto collected = Collected(registry_);
  const std::string name = "bullmq_exporter_http_requests_total";
  EXPECT_EQ(collected.at(name + R"({code="200",handler="/metrics",listener="telemetry"})"), 2);
  EXPECT_EQ(collected.at(name + R"({code="503",handler="/-/ready",listener="telemetry"})"), 1);
  EXPECT_EQ(collected.at(name + R"x({code="404",handler="(none)",listener="telemetry"})x"), 1);
  for (const auto& [series, value] : collected) EXPECT_THAT(series, Not(HasSubstr("secret")));
}

TEST_F(TelemetryRouterTest, AnExceptionBecomesA500ThatIsCounted) {
  broken_ = true;
  const HttpResponse response = Ask("GET", "/-/ready");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(Body(response), "Internal error\n");
  EXPECT_TRUE(response.done);
}

}  // namespace
}  // namespace bullmq_exporter
