#include "exporter/http/json_response.h"

#include <zlib.h>

#include <limits>
#include <optional>
#include <utility>

#include "exporter/http/content_negotiation.h"

namespace bullmq_exporter {
namespace {

constexpr std::size_t kWorthGzip = 1024;
constexpr int kFastest = 1;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for the format of gzip
constexpr int kMemoryLevel = 8;

// Nothing where zlib has no memory, or the text is beyond what one call takes.
std::optional<std::string> Gzip(const std::string& text) {
  if (text.size() > std::numeric_limits<uInt>::max() / 2) return std::nullopt;
  z_stream stream{};
  if (::deflateInit2(&stream, kFastest, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (!done) return std::nullopt;
  return packed;
}

}  // namespace

HttpResponse JsonResponse(const HttpRequest& request, std::shared_ptr<const std::string> json) {
  HttpResponse response;
  response.content_type = "application/json; charset=utf-8";
  response.headers = {{"Cache-Control", "no-store"},
                      {"Vary", "Accept-Encoding"},
                      {"X-Content-Type-Options", "nosniff"}};
  if (json->size() >= kWorthGzip && AcceptsGzip(request.HeaderList("Accept-Encoding"))) {
    if (std::optional<std::string> packed = Gzip(*json)) {
      response.headers.push_back({"Content-Encoding", "gzip"});
      response.body = *std::move(packed);
      return response;
    }
  }
  const std::size_t size = json->size();
  response.body =
      StreamedBody{size, [json = std::move(json)](const BodySink& sink) { return sink(*json); }};
  return response;
}

}  // namespace bullmq_exporter
