#include "exporter/http/router.h"

#include <exception>
#include <optional>
#include <utility>

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
               Logger logger)
    : error_format_(listener == ListenerKind::kApi ? ErrorFormat::kJson : ErrorFormat::kText),
      context_(std::move(context)),
      instruments_(instruments),
      logger_(std::move(logger)) {
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
  std::vector<std::string> captured;
  const HttpRoute* route = Find(request.path, captured);
  HttpResponse response = Answer(request, route, std::move(captured));
  const std::string_view label = route == nullptr ? kNoRoute : route->pattern;
  response.done = [this, label](const ResponseOutcome& outcome) {
    instruments_.CountRequest(label, outcome.status, outcome.seconds);
  };
  return response;
}

HttpResponse Router::Answer(const HttpRequest& request, const HttpRoute* route,
                            std::vector<std::string> captured) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = ErrorResponse(error_format_, 405, "Method not allowed");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  if (route == nullptr) return ErrorResponse(error_format_, 404, "Not found");
  return CallHandler(*route, {request, std::move(captured)});
}

HttpResponse Router::CallHandler(const HttpRoute& route, const RoutedRequest& request) const {
  try {
    return route.handler(context_, request);
  } catch (const std::exception&) {  // memory; its text could tell what nobody should know
    logger_.Error("a request's handler failed", {{"route", route.pattern}});
    return ErrorResponse(error_format_, 500, "Internal error");
  }
}

}  // namespace bullmq_exporter
