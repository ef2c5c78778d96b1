#include "exporter/http/request_head.h"

#include <algorithm>
#include <array>

namespace bullmq_exporter {
namespace {

using Refusal = tl::unexpected<HeadRefusal>;

constexpr std::array<std::string_view, 9> kMethods = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

Refusal BadRequest(std::string_view message) {
  return tl::make_unexpected(HeadRefusal{400, message});
}

bool IsTokenCharacter(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool ListHolds(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::string_view element = list.substr(0, list.find(','));
    if (EqualsIgnoringCase(Trim(element), token)) return true;
    list.remove_prefix(std::min(list.size(), element.size() + 1));
  }
  return false;
}

tl::expected<RequestHead, HeadRefusal> ParseRequestLine(std::string_view line) {
  RequestHead head;
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return BadRequest("malformed request line");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    return BadRequest("unknown method");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return BadRequest("only HTTP/1.0 and HTTP/1.1 are served");
  }
  if (target.empty() || std::any_of(target.begin(), target.end(), IsControl)) {
    return BadRequest("malformed request target");
  }
  if (target.size() > kMaxRequestTargetBytes) {
    return tl::make_unexpected(HeadRefusal{414, "the request target is too long"});
  }
  head.method = method;
  head.target = target;
  head.http_1_0 = version == "HTTP/1.0";
  return head;
}

tl::expected<HttpHeader, HeadRefusal> ParseHeader(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() ||
      !std::all_of(name.begin(), name.end(), IsTokenCharacter)) {
    return BadRequest("malformed header");
  }
  const std::string_view value = Trim(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), [](char c) { return c != '\t' && IsControl(c); })) {
    return BadRequest("malformed header");
  }
  return HttpHeader{std::string(name), std::string(value)};
}

// The length that the headers announce: that of a body, and where the next request would begin,
// must be beyond doubt. A coding is never read, so it only must not stand beside a length.
tl::expected<bool, HeadRefusal> AnnouncesBody(const RequestHead& head) {
  const std::string* length = nullptr;
  bool coded = false;
  for (const auto& [name, value] : head.headers) {
    if (EqualsIgnoringCase(name, "Transfer-Encoding")) coded = true;
    if (!EqualsIgnoringCase(name, "Content-Length")) continue;
    if (length != nullptr) return BadRequest("more than one Content-Length");
    if (value.empty() || value.find_first_not_of("0123456789") != std::string::npos) {
      return BadRequest("malformed Content-Length");
    }
    length = &value;
  }
  if (coded && (length != nullptr || head.http_1_0)) {
    return BadRequest("Transfer-Encoding cannot stand here");
  }
  return coded || (length != nullptr && length->find_first_not_of('0') != std::string::npos);
}

bool AsksToClose(const RequestHead& head) {
  bool keep_alive = false;
  for (const auto& [name, value] : head.headers) {
    if (!EqualsIgnoringCase(name, "Connection")) continue;
    if (ListHolds(value, "close")) return true;
    keep_alive = keep_alive || ListHolds(value, "keep-alive");
  }
  return head.http_1_0 && !keep_alive;
}

}  // namespace

tl::expected<RequestHead, HeadRefusal> ParseRequestHead(std::string_view head) {
  const std::size_t line_end = head.find("\r\n");
  tl::expected<RequestHead, HeadRefusal> parsed = ParseRequestLine(head.substr(0, line_end));
  if (!parsed) return parsed;
  std::string_view rest = head.substr(line_end + 2);
  while (rest.substr(0, 2) != "\r\n") {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    if (line.size() == rest.size()) return BadRequest("the headers do not end");
    if (parsed->headers.size() == kMaxRequestHeaders) {
      return tl::make_unexpected(HeadRefusal{431, "too many headers"});
    }
    tl::expected<HttpHeader, HeadRefusal> header = ParseHeader(line);
    if (!header) return tl::make_unexpected(header.error());
    parsed->headers.push_back(*std::move(header));
    rest.remove_prefix(line.size() + 2);
  }
  const tl::expected<bool, HeadRefusal> has_body = AnnouncesBody(*parsed);
  if (!has_body) return tl::make_unexpected(has_body.error());
  parsed->has_body = *has_body;
  parsed->close = AsksToClose(*parsed);
  return parsed;
}

}  // namespace bullmq_exporter
