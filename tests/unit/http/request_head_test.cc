#include "exporter/http/request_head.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bullmq_exporter {
namespace {

std::string Head(const std::string& headers) { return "GET / HTTP/1.1\r\n" + headers + "\r\n"; }

TEST(RequestHead, IsTakenApart) {
  const auto head = ParseRequestHead(
      "HEAD /a?b=c HTTP/1.1\r\nHost: h:1\r\nX-API-KEY:  k%41 \t\r\nEmpty:\r\n\r\n");
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method, "HEAD");
  EXPECT_EQ(head->target, "/a?b=c");
  EXPECT_FALSE(head->http_1_0);
  EXPECT_FALSE(head->has_body);
  EXPECT_FALSE(head->close);
  ASSERT_EQ(head->headers.size(), 3u);
  EXPECT_EQ(head->headers[0].name, "Host");
  EXPECT_EQ(head->headers[1].value, "k%41");
  EXPECT_EQ(head->headers[2].value, "");
}

TEST(RequestHead, RefusesWhatIsMalformed) {
  struct Row {
    std::string head;
    int status;
  };
  const std::vector<Row> rows = {
      {"\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET /\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1 \r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 400},
      {"GET / http/1.1\r\n\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\n\r\n", 400},
      {"GET /a\tb HTTP/1.1\r\n\r\n", 400},
      {std::string("GET /a\0b HTTP/1.1\r\n\r\n", 21), 400},
      {"get / HTTP/1.1\r\n\r\n", 400},
      {"BREW / HTTP/1.1\r\n\r\n", 400},
      {"PRI * HTTP/2.0\r\n\r\n", 400},
      {"GET /" + std::string(kMaxRequestTargetBytes, 'a') + " HTTP/1.1\r\n\r\n", 414},
      {Head("no colon\r\n"), 400},
      {Head(": no name\r\n"), 400},
      {Head("Name : blank before the colon\r\n"), 400},
      {Head("A: 1\r\n folded\r\n"), 400},
      {Head("A: b\rc\r\n"), 400},
      {Head(std::string("A: b\0c\r\n", 8)), 400},
      {Head("Content-Length: -1\r\n"), 400},
      {Head("Content-Length: +1\r\n"), 400},
      {Head("Content-Length: 1, 1\r\n"), 400},
      {Head("Content-Length:\r\n"), 400},
      {Head("Content-Length: 1\r\nContent-Length: 1\r\n"), 400},
      {Head("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n", 400},
  };
  for (const auto& [text, status] : rows) {
    const auto head = ParseRequestHead(text);
    ASSERT_FALSE(head.has_value()) << text;
    EXPECT_EQ(head.error().status, status) << text;
  }
}

TEST(RequestHead, BoundsTheNumberOfHeaders) {
  std::string headers;
  for (std::size_t i = 0; i < kMaxRequestHeaders; ++i) headers += "A: b\r\n";
  EXPECT_TRUE(ParseRequestHead(Head(headers)).has_value());
  const auto head = ParseRequestHead(Head(headers + "A: b\r\n"));
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().status, 431);
}

TEST(RequestHead, KnowsABodyAndTheEndOfAConnection) {
  struct Row {
    std::string headers;
    bool has_body;
    bool close;
  };
  const std::vector<Row> rows = {
      {"", false, false},
      {"Content-Length: 0\r\n", false, false},
      {"Content-Length: 00\r\n", false, false},
      {"content-length: 5\r\n", true, false},
      {"Content-Length: 99999999999999999999999999\r\n", true, false},
      {"Transfer-Encoding: chunked\r\n", true, false},
      {"Transfer-Encoding: identity\r\n", true, false},
      {"Connection: close\r\n", false, true},
      {"Connection: keep-alive, Close\r\n", false, true},
      {"Connection: keep-alive\r\nConnection: close\r\n", false, true},
      {"Connection: closed\r\n", false, false},
  };
  for (const auto& [headers, has_body, close] : rows) {
    const auto head = ParseRequestHead(Head(headers));
    ASSERT_TRUE(head.has_value()) << headers;
    EXPECT_EQ(head->has_body, has_body) << headers;
    EXPECT_EQ(head->close, close) << headers;
  }
}

TEST(RequestHead, Http10ClosesUnlessAskedToStay) {
  EXPECT_TRUE(ParseRequestHead("GET / HTTP/1.0\r\n\r\n")->close);
  EXPECT_FALSE(ParseRequestHead("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->close);
}

}  // namespace
}  // namespace bullmq_exporter
