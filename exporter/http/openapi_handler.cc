#include "exporter/http/openapi_handler.h"

#include "exporter/http/openapi_document.h"

namespace bullmq_exporter {

HttpResponse HandleOpenApi(const HandlerContext&, const RoutedRequest&) {
  HttpResponse response;
  response.content_type = "application/yaml; charset=utf-8";
  response.body = std::string(OpenApiDocument());
  return response;
}

}  // namespace bullmq_exporter
