#include "exporter/http/http_message.h"

#include <gtest/gtest.h>

#include <string>

namespace bullmq_exporter {
namespace {

TEST(HttpMessage, HeadersAreFoundInAnyCase) {
  HttpRequest request;
  request.headers = {{"Accept", "a"}, {"X-Api-Key", "k"}, {"ACCEPT", ""}, {"accept", "b;q=0"}};
  EXPECT_EQ(request.Header("x-api-key"), "k");
  EXPECT_EQ(request.Header("Accept"), "a");
  EXPECT_FALSE(request.Header("Accep").has_value());
  EXPECT_EQ(request.HeaderList("aCCept"), "a, b;q=0");
  EXPECT_EQ(request.HeaderList("Range"), "");
}

TEST(HttpMessage, OnlyLettersHaveCases) {
  EXPECT_TRUE(EqualsIgnoringCase("aZ-1", "Az-1"));
  EXPECT_FALSE(EqualsIgnoringCase("a[", "a{"));
  EXPECT_FALSE(EqualsIgnoringCase("a", "aa"));
  EXPECT_FALSE(EqualsIgnoringCase("\xC4", "\xE4"));
}

TEST(HttpMessage, JsonStringsAreSafe) {
  EXPECT_EQ(JsonString("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(JsonString(std::string("\0\n\x1F", 3)), R"("\u0000\u000a\u001f")");
  EXPECT_EQ(JsonString("\xC3\xA9\xFF"), "\"\xC3\xA9\xEF\xBF\xBD\"");
}

TEST(HttpMessage, ErrorsInBothFormats) {
  const HttpResponse text = ErrorResponse(ErrorFormat::kText, 404, "Not found");
  EXPECT_EQ(text.status, 404);
  EXPECT_EQ(std::get<std::string>(text.body), "Not found\n");
  EXPECT_EQ(text.BodySize(), 10u);
  const HttpResponse json = ErrorResponse(ErrorFormat::kJson, 503, "no \"Redis\"");
  EXPECT_EQ(json.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(std::get<std::string>(json.body), R"({"message":"no \"Redis\""})");
}

}  // namespace
}  // namespace bullmq_exporter
