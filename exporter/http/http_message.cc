#include "exporter/http/http_message.h"

#include <algorithm>
#include <array>

#include "exporter/base/utf8.h"

namespace bullmq_exporter {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::optional<std::string_view> HttpRequest::Header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (EqualsIgnoringCase(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::string HttpRequest::HeaderList(std::string_view name) const {
  std::string list;
  for (const HttpHeader& header : headers) {
    if (!EqualsIgnoringCase(header.name, name) || header.value.empty()) continue;
    if (!list.empty()) list += ", ";
    list += header.value;
  }
  return list;
}

std::size_t HttpResponse::BodySize() const {
  if (const auto* streamed = std::get_if<StreamedBody>(&body)) return streamed->size;
  return std::get<std::string>(body).size();
}

HttpResponse ErrorResponse(ErrorFormat format, int status, std::string_view message) {
  HttpResponse response;
  response.status = status;
  if (format == ErrorFormat::kJson) {
    response.content_type = "application/json; charset=utf-8";
    // A cache would keep a 404, and know nothing of X-API-KEY.
    response.headers.push_back({"Cache-Control", "no-store"});
    response.body = "{\"message\":" + JsonString(message) + "}";
  } else {
    response.body = std::string(message) + "\n";
  }
  return response;
}

std::string JsonString(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : ReplaceInvalidUtf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace bullmq_exporter
