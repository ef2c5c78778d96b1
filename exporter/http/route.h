#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/http/http_message.h"

namespace bullmq_exporter {

enum class ListenerKind { kTelemetry, kApi };

enum class Access {
  kPublic,
  kAuthenticated,  // credentials with the permission manage:all
};

// The body of /metrics, as the exposition gives it.
struct Scrape {
  std::string content_type;
  bool gzip = false;
  StreamedBody body;
};

// What the handlers answer from. All of it is thread-safe and outlives the routers.
struct HandlerContext {
  std::function<Scrape(bool open_metrics, bool gzip)> scrape;
  std::function<bool()> ready;  // the first poll of every target has ended, and we do not stop
  std::string version;          // of the program
};

// A request that has found its route.
struct RoutedRequest {
  const HttpRequest& http;
  std::vector<std::string> captured;  // decoded segments that stand for the pattern's `:names`
};

// One row of the table of routes. All answer GET and HEAD.
struct HttpRoute {
  ListenerKind listener;
  std::string_view
      pattern;  // "/v1/jobs/queues/:queueName"; the label `handler` and the log's `route`
  std::string_view alias;  // another pattern for the same, with the same captures; or empty
  Access access;
  HttpResponse (*handler)(const HandlerContext& context, const RoutedRequest& request);
  std::string_view help;  // for the landing page; empty: not shown there
};

}  // namespace bullmq_exporter
