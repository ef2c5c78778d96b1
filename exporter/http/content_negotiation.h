#pragma once

#include <string_view>

namespace bullmq_exporter {

// Whether a client with this Accept header (RFC 9110, 12.5.1) prefers OpenMetrics 1.0 to the text
// format 0.0.4: it names application/openmetrics-text, in version 1.0.0 or none, at a quality above
// 0 and not below that of text/plain. A wildcard asks for text. Nobody is refused: what is neither
// is answered as text.
[[nodiscard]] bool PrefersOpenMetrics(std::string_view accept);

// Whether a client with this Accept-Encoding header (RFC 9110, 12.5.3) takes gzip, and no less
// gladly than what is not encoded.
[[nodiscard]] bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace bullmq_exporter
