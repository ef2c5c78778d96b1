#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/auth/authenticator.h"
#include "exporter/auth/identity.h"
#include "exporter/config/config.h"
#include "exporter/http/http_message.h"
#include "exporter/inspect/inspection.h"
#include "exporter/metrics/exposition.h"

namespace bullmq_exporter {

enum class ListenerKind { kTelemetry, kApi };

enum class Access {
  kPublic,
  kAuthenticated,  // credentials with the permission manage:all
};

// What the handlers answer from; each listener sets what its own need. All of it is thread-safe and
// outlives the routers and their responses.
struct HandlerContext {
  // Telemetry.
  const Exposition* exposition = nullptr;
  std::function<bool()> ready =
      nullptr;  // the first poll of every target has ended, and we do not stop

  // API.
  Authenticator* authenticator = nullptr;
  const InspectedTargets* targets = nullptr;
  const ApiConfig* api = nullptr;
};

// A request that has found its route.
struct RoutedRequest {
  const HttpRequest& http;
  std::vector<std::string> captured;   // decoded segments that stand for the pattern's `:names`
  const Identity* identity = nullptr;  // who asks; null where the route is public
};

// One row of the table of routes. All answer GET and HEAD.
struct HttpRoute {
  ListenerKind listener;
  std::string_view pattern;  // "/v1/jobs/queues/:queueName"; in metrics and in the log too
  std::string_view alias;    // another pattern for the same, with the same captures; or empty
  Access access;
  HttpResponse (*handler)(const HandlerContext& context, const RoutedRequest& request);
  std::string_view help;  // for the landing page; empty: not shown there
};

}  // namespace bullmq_exporter
