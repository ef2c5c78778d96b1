#include "exporter/http/router.h"

#include <exception>
#include <optional>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/label_value.h"
#include "exporter/http/routes.h"

namespace bullmq_exporter {
namespace {

// The label `handler` of what matches no route.
constexpr std::string_view kNoRoute = "(none)";

std::vector<std::string_view> SplitPattern(std::string_view pattern) {
  std::vector<std::string_view> segments;
  if (pattern == "/") return segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    segments.push_back(pattern.substr(0, pattern.find('/')));
    pattern.remove_prefix(segments.back().size());
  }
  return segments;
}

std::optional<std::vector<std::string>> Match(const std::vector<std::string_view>& pattern,
                                              const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> captured;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i].starts_with(':')) {
      captured.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return captured;
}

}  // namespace

Router::Router(ListenerKind listener, HandlerContext context, HttpInstruments& instruments,
               const Logger& logger)
    : listener_(listener),
      context_(std::move(context)),
      instruments_(instruments),
      logger_(logger) {
  for (const HttpRoute& route : Routes()) {
    if (route.listener != listener) continue;
    AddPattern(route, route.pattern);
    if (!route.alias.empty()) AddPattern(route, route.alias);
  }
}

void Router::AddPattern(const HttpRoute& route, std::string_view pattern) {
  patterns_.push_back({&route, SplitPattern(pattern)});
}

const HttpRoute* Router::Find(const std::vector<std::string>& path,
                              std::vector<std::string>& captured) const {
  for (const Pattern& pattern : patterns_) {
    if (std::optional<std::vector<std::string>> match = Match(pattern.segments, path)) {
      captured = *std::move(match);
      return pattern.route;
    }
  }
  return nullptr;
}

HttpResponse Router::Handle(const HttpRequest& request) const {
  RoutedRequest routed{request, {}, nullptr};
  const HttpRoute* route = Find(request.path, routed.captured);
  const std::string_view label = route == nullptr ? kNoRoute : route->pattern;
  const std::string queue = routed.captured.empty() ? "" : LabelText(routed.captured[0]);
  std::string caller;
  HttpResponse response = Answer(route, std::move(routed), caller);
  response.done = [this, label, queue, caller, method = request.method,
                   address = request.remote_address](const ResponseOutcome& outcome) {
    instruments_.CountRequest(label, outcome.status, outcome.seconds);
    if (listener_ == ListenerKind::kTelemetry) return;
    logger_.Info("api request", {{"caller", caller},
                                 {"method", method},
                                 {"route", label},
                                 {"queue", queue},
                                 {"code", outcome.status},
                                 {"seconds", outcome.seconds},
                                 {"client", address}});
  };
  return response;
}

HttpResponse Router::Answer(const HttpRoute* route, RoutedRequest request,
                            std::string& caller) const {
  const std::string& method = request.http.method;
  if (method != "GET" && method != "HEAD") {
    HttpResponse response = Refuse(405, "Method not allowed");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  const bool is_public = route != nullptr && route->access == Access::kPublic;
  if (listener_ == ListenerKind::kTelemetry || is_public) return CallHandler(route, request);
  return AnswerApi(route, std::move(request), caller);
}

// Who may not ask learns nothing, not even which paths there are.
HttpResponse Router::AnswerApi(const HttpRoute* route, RoutedRequest request,
                               std::string& caller) const {
  const tl::expected<Identity, Refusal> identity = context_.authenticator->Authenticate(
      {request.http.Header("X-API-KEY"), request.http.Header("Authorization")}, NowMs());
  if (!identity) {
    caller = identity.error().name;
    HttpResponse response = Refuse(identity.error().status, identity.error().message);
    if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
    return response;
  }
  caller = identity->name();
  request.identity = &*identity;
  return CallHandler(route, request);
}

HttpResponse Router::CallHandler(const HttpRoute* route, const RoutedRequest& request) const {
  if (route == nullptr) return Refuse(404, "Not found");
  try {
    return route->handler(context_, request);
  } catch (const std::exception&) {  // memory; its text could tell what nobody should know
    logger_.Error("a request's handler failed", {{"route", route->pattern}});
    return Refuse(500, "Internal error");
  }
}

HttpResponse Router::Refuse(int status, std::string_view message) const {
  const bool api = listener_ == ListenerKind::kApi;
  return ErrorResponse(api ? ErrorFormat::kJson : ErrorFormat::kText, status, message);
}

}  // namespace bullmq_exporter
