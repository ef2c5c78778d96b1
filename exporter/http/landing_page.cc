#include "exporter/http/landing_page.h"

#include "exporter/base/build_info.h"
#include "exporter/http/routes.h"

namespace bullmq_exporter {
namespace {

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string ListItem(const HttpRoute& route) {
  const std::string pattern = EscapeHtml(route.pattern);
  // A pattern with a parameter is no address that can be followed.
  const bool link = route.pattern.find(':') == std::string_view::npos;
  return "<li>" + (link ? "<a href=\"" + pattern + "\">" + pattern + "</a>" : pattern) + ": " +
         EscapeHtml(route.help) + "</li>\n";
}

HttpResponse LandingPage(ListenerKind listener, std::string_view title) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" +
      std::string(title) + "</title>\n</head>\n<body>\n<h1>" + std::string(title) +
      "</h1>\n<p>Version " + EscapeHtml(GetBuildInfo().version) + "</p>\n<ul>\n";
  for (const HttpRoute& route : Routes()) {
    if (route.listener == listener && !route.help.empty()) html += ListItem(route);
  }
  html += "</ul>\n</body>\n</html>\n";
  HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(html);
  return response;
}

}  // namespace

HttpResponse HandleTelemetryLandingPage(const HandlerContext&, const RoutedRequest&) {
  return LandingPage(ListenerKind::kTelemetry, "BullMQ exporter");
}

HttpResponse HandleApiLandingPage(const HandlerContext&, const RoutedRequest&) {
  return LandingPage(ListenerKind::kApi, "BullMQ exporter: Jobs API");
}

}  // namespace bullmq_exporter
