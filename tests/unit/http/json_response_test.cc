#include "exporter/http/json_response.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace bullmq_exporter {
namespace {

std::string Unpack(const std::string& packed, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(size, '\0');
  std::string input = packed;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  ::inflateEnd(&stream);
  return text;
}

HttpResponse Respond(std::size_t size, const std::string& accept_encoding) {
  HttpRequest request;
  request.headers = {{"Accept-Encoding", accept_encoding}};
  return JsonResponse(request, std::make_shared<const std::string>(size, 'x'));
}

bool IsGzip(const HttpResponse& response) {
  for (const HttpHeader& header : response.headers) {
    if (header.name == "Content-Encoding") return header.value == "gzip";
  }
  return false;
}

TEST(JsonResponse, GzipWhereItIsAskedForAndWorthIt) {
  EXPECT_FALSE(IsGzip(Respond(1023, "gzip")));
  EXPECT_FALSE(IsGzip(Respond(100'000, "gzip;q=0")));
  const HttpResponse packed = Respond(100'000, "gzip");
  EXPECT_TRUE(IsGzip(packed));
  EXPECT_LT(packed.BodySize(), 10'000u);
  EXPECT_EQ(Unpack(std::get<std::string>(packed.body), 100'000), std::string(100'000, 'x'));
}

TEST(JsonResponse, PlainTextIsNotCopied) {
  const HttpResponse response = Respond(100'000, "");
  EXPECT_EQ(response.BodySize(), 100'000u);
  int pieces = 0;
  EXPECT_TRUE(std::get<StreamedBody>(response.body).write([&](std::string_view piece) {
    ++pieces;
    return piece == std::string(100'000, 'x');
  }));
  EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace bullmq_exporter
