#include "exporter/http/health_handlers.h"

namespace bullmq_exporter {

HttpResponse HandleHealthy(const HandlerContext&, const RoutedRequest&) {
  HttpResponse response;
  response.body = "healthy\n";
  return response;
}

HttpResponse HandleReady(const HandlerContext& context, const RoutedRequest&) {
  const bool ready = context.ready();
  HttpResponse response;
  response.status = ready ? 200 : 503;
  response.body = ready ? "ready\n" : "not ready\n";
  return response;
}

}  // namespace bullmq_exporter
