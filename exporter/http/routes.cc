#include "exporter/http/routes.h"

#include <array>

#include "exporter/http/health_handlers.h"
#include "exporter/http/landing_page.h"
#include "exporter/http/metrics_handler.h"

namespace bullmq_exporter {
namespace {

constexpr auto kTelemetry = ListenerKind::kTelemetry;

constexpr std::array kRoutes = {
    HttpRoute{kTelemetry, "/metrics", "", Access::kPublic, HandleMetrics,
              "all series, as Prometheus text or OpenMetrics"},
    HttpRoute{kTelemetry, "/-/healthy", "", Access::kPublic, HandleHealthy,
              "200 while the process lives"},
    HttpRoute{kTelemetry, "/-/ready", "", Access::kPublic, HandleReady,
              "200 once every Redis has been polled, well or badly; else 503"},
    HttpRoute{kTelemetry, "/", "", Access::kPublic, HandleTelemetryLandingPage, ""},
};

}  // namespace

std::span<const HttpRoute> Routes() { return kRoutes; }

}  // namespace bullmq_exporter
