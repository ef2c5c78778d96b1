#include "exporter/http/jobs_handlers.h"

#include <optional>
#include <utility>

#include "exporter/http/jobs_params.h"
#include "exporter/http/json_response.h"
#include "exporter/inspect/job_list.h"
#include "exporter/inspect/queue_list.h"

namespace bullmq_exporter {
namespace {

int Status(InspectionError::Kind kind) {
  switch (kind) {
    case InspectionError::Kind::kBadRequest: return 400;
    case InspectionError::Kind::kNotFound: return 404;
    case InspectionError::Kind::kAmbiguous: return 409;
    case InspectionError::Kind::kUnreadable: return 502;
    case InspectionError::Kind::kUnavailable: return 503;
  }
  return 500;
}

HttpResponse BadRequest(const ParameterFault& fault) {
  return ErrorResponse(ErrorFormat::kJson, 400, fault.message);
}

HttpResponse Respond(const HttpRequest& request, InspectionResult result) {
  if (result) return JsonResponse(request, *std::move(result));
  const int status = Status(result.error().kind);
  HttpResponse response = ErrorResponse(ErrorFormat::kJson, status, result.error().message);
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

QueueVisibility VisibleTo(const Identity& identity) {
  if (identity.sees_everything()) return nullptr;
  return [&identity](std::string_view target, std::string_view prefix,
                     std::optional<std::string_view> queue) {
    return identity.MaySee(target, prefix, queue);
  };
}

}  // namespace

HttpResponse HandleQueueList(const HandlerContext& context, const RoutedRequest& request) {
  auto query = ParseQueueListParams(request.http.query);
  if (!query) return BadRequest(query.error());
  query->visible = VisibleTo(*request.identity);
  return Respond(request.http, ListQueues(*context.targets, *context.api, *query));
}

HttpResponse HandleJobList(const HandlerContext& context, const RoutedRequest& request) {
  auto query = ParseJobListParams(request.http.query, context.api->max_page_size);
  if (!query) return BadRequest(query.error());
  query->queue = request.captured[0];
  query->visible = VisibleTo(*request.identity);
  return Respond(request.http, ListJobs(*context.targets, *context.api, *query));
}

}  // namespace bullmq_exporter
