#include "exporter/http/metrics_handler.h"

#include <utility>

#include "exporter/http/content_negotiation.h"

namespace bullmq_exporter {

HttpResponse HandleMetrics(const HandlerContext& context, const RoutedRequest& request) {
  const HttpRequest& http = request.http;
  const ExpositionFormat format = PrefersOpenMetrics(http.HeaderList("Accept"))
                                      ? ExpositionFormat::kOpenMetrics
                                      : ExpositionFormat::kText;
  ScrapeBody body =
      context.exposition->Scrape(format, AcceptsGzip(http.HeaderList("Accept-Encoding")));
  HttpResponse response;
  response.content_type = body.content_type();
  response.headers.push_back({"Vary", "Accept, Accept-Encoding"});
  if (body.gzip()) response.headers.push_back({"Content-Encoding", "gzip"});
  const std::size_t size = body.size();
  response.body = StreamedBody{
      size, [body = std::move(body)](const BodySink& sink) { return body.Write(sink); }};
  return response;
}

}  // namespace bullmq_exporter
