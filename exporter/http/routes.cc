#include "exporter/http/routes.h"

#include <array>

#include "exporter/http/health_handlers.h"
#include "exporter/http/jobs_handlers.h"
#include "exporter/http/landing_page.h"
#include "exporter/http/metrics_handler.h"
#include "exporter/http/openapi_handler.h"

namespace bullmq_exporter {
namespace {

constexpr auto kTelemetry = ListenerKind::kTelemetry;
constexpr auto kApi = ListenerKind::kApi;

constexpr std::array kRoutes = {
    HttpRoute{kTelemetry, "/metrics", "", Access::kPublic, HandleMetrics,
              "all series, as Prometheus text or OpenMetrics"},
    HttpRoute{kTelemetry, "/-/healthy", "", Access::kPublic, HandleHealthy,
              "200 while the process lives"},
    HttpRoute{kTelemetry, "/-/ready", "", Access::kPublic, HandleReady,
              "200 once every Redis has been polled, well or badly; else 503"},
    HttpRoute{kTelemetry, "/", "", Access::kPublic, HandleTelemetryLandingPage, ""},
    HttpRoute{kApi, "/v1/jobs/queues", "/api/v1/jobs/queues", Access::kAuthenticated,
              HandleQueueList, "all queues with their counts"},
    HttpRoute{kApi, "/v1/jobs/queues/:queueName", "/api/v1/jobs/queues/:queueName",
              Access::kAuthenticated, HandleJobList,
              "a queue's counts and a page of its jobs in one state"},
    HttpRoute{kApi, "/openapi.yaml", "", Access::kPublic, HandleOpenApi,
              "this API in the words of OpenAPI"},
    HttpRoute{kApi, "/", "", Access::kPublic, HandleApiLandingPage, ""},
};

}  // namespace

std::span<const HttpRoute> Routes() { return kRoutes; }

}  // namespace bullmq_exporter
