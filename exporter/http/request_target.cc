#include "exporter/http/request_target.h"

#include <algorithm>

namespace bullmq_exporter {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that a "%XX" at `at` stands for, or -1.
int EscapedByte(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return -1;
  const int high = HexDigit(text[at + 1]);
  const int low = HexDigit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::optional<std::string> DecodeSegment(std::string_view raw) {
  std::string decoded;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      decoded += raw[i];
      continue;
    }
    const int byte = EscapedByte(raw, i);
    if (byte < 0) return std::nullopt;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

std::string DecodeQueryText(std::string_view raw) {
  std::string decoded;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const int byte = raw[i] == '%' ? EscapedByte(raw, i) : -1;
    if (byte >= 0) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += raw[i] == '+' ? ' ' : raw[i];
    }
  }
  return decoded;
}

std::vector<QueryParameter> ParseQuery(std::string_view raw) {
  std::vector<QueryParameter> parameters;
  while (!raw.empty()) {
    const std::string_view pair = raw.substr(0, raw.find('&'));
    raw.remove_prefix(std::min(raw.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    parameters.push_back({DecodeQueryText(pair.substr(0, equals)), DecodeQueryText(value)});
  }
  return parameters;
}

// What follows the authority of an absolute-form target; the target itself in origin form.
std::string_view OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = target.find_first_of("/?");
    return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
  }
  return target;
}

}  // namespace

std::optional<RequestTarget> ParseRequestTarget(std::string_view target) {
  target = OriginForm(target);
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  RequestTarget parsed;
  if (question != std::string_view::npos) parsed.query = ParseQuery(target.substr(question + 1));
  if (path.empty()) return question == 0 ? std::optional(parsed) : std::nullopt;
  if (path.front() != '/') return std::nullopt;
  if (path == "/") return parsed;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view raw = path.substr(0, path.find('/'));
    std::optional<std::string> segment = DecodeSegment(raw);
    if (!segment) return std::nullopt;
    parsed.path.push_back(*std::move(segment));
    path.remove_prefix(raw.size());
  }
  return parsed;
}

}  // namespace bullmq_exporter
