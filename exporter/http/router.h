#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/logger.h"
#include "exporter/http/http_message.h"
#include "exporter/http/route.h"
#include "exporter/instruments/http_instruments.h"

namespace bullmq_exporter {

// The routes of one listener: finds a request's route, answers what no handler is asked for (405,
// 404, and on the API 401 and 403 before it), counts each answer by route, and logs those of the
// API. Thread-safe.
class Router {
 public:
  // `instruments` are those of the listener; they must outlive the router and all responses.
  Router(ListenerKind listener, HandlerContext context, HttpInstruments& instruments,
         const Logger& logger);

  [[nodiscard]] HttpResponse Handle(const HttpRequest& request) const;

 private:
  struct Pattern {
    const HttpRoute* route;
    std::vector<std::string_view> segments;
  };

  void AddPattern(const HttpRoute& route, std::string_view pattern);
  [[nodiscard]] const HttpRoute* Find(const std::vector<std::string>& path,
                                      std::vector<std::string>& captured) const;
  [[nodiscard]] HttpResponse Answer(const HttpRoute* route, RoutedRequest request,
                                    std::string& caller) const;
  [[nodiscard]] HttpResponse AnswerApi(const HttpRoute* route, RoutedRequest request,
                                       std::string& caller) const;
  [[nodiscard]] HttpResponse CallHandler(const HttpRoute* route,
                                         const RoutedRequest& request) const;
  [[nodiscard]] HttpResponse Refuse(int status, std::string_view message) const;

  const ListenerKind listener_;
  const HandlerContext context_;
  HttpInstruments& instruments_;
  const Logger logger_;
  std::vector<Pattern> patterns_;
};

}  // namespace bullmq_exporter
