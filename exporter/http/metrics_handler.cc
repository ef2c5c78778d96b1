#include "exporter/http/metrics_handler.h"

#include <utility>

#include "exporter/http/content_negotiation.h"

namespace bullmq_exporter {

HttpResponse HandleMetrics(const HandlerContext& context, const RoutedRequest& request) {
  Scrape scrape = context.scrape(PrefersOpenMetrics(request.http.HeaderList("Accept")),
                                 AcceptsGzip(request.http.HeaderList("Accept-Encoding")));
  HttpResponse response;
  response.content_type = std::move(scrape.content_type);
  response.headers.push_back({"Vary", "Accept, Accept-Encoding"});
  if (scrape.gzip) response.headers.push_back({"Content-Encoding", "gzip"});
  response.body = std::move(scrape.body);
  return response;
}

}  // namespace bullmq_exporter
