#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "exporter/http/http_message.h"

namespace bullmq_exporter {

inline constexpr std::size_t kMaxRequestTargetBytes = 8192;
inline constexpr std::size_t kMaxRequestHeaders = 100;

// The request line and the headers of a request, vetted by RFC 9112 with nothing left to be read in
// two ways: what could be is refused.
struct RequestHead {
  std::string method;
  std::string target;  // without blanks and control characters
  bool http_1_0 = false;
  std::vector<HttpHeader> headers;
  bool has_body = false;  // a Content-Length above 0, or any Transfer-Encoding
  bool close = false;     // the client wants no other response on this connection
};

// Why a head is refused: the status of the answer, after which the connection is closed.
struct HeadRefusal {
  int status = 400;
  std::string_view message;  // a literal
};

// `head` is what stands before and with the empty line: it ends with "\r\n\r\n". A method that is
// no HTTP method is refused with 400; methods that a listener does not serve are left to its
// routes.
[[nodiscard]] tl::expected<RequestHead, HeadRefusal> ParseRequestHead(std::string_view head);

}  // namespace bullmq_exporter
