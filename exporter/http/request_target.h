#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/http/http_message.h"

namespace bullmq_exporter {

struct RequestTarget {
  std::vector<std::string> path;
  std::vector<QueryParameter> query;
};

// The target of a request line: "/a/b%2Fc?x=1", or the same after "http://host" (RFC 9112, absolute
// form). The raw path is split first and its segments are decoded then, so that a segment can hold
// any byte, `/` and NUL too. A segment `..` is nothing special, "/a/" has an empty last segment.
// nullopt for another form, and for a `%` in the path that two hex digits do not follow. In the
// query such a `%` stands for itself, as in browsers, and `+` for a blank.
[[nodiscard]] std::optional<RequestTarget> ParseRequestTarget(std::string_view target);

}  // namespace bullmq_exporter
