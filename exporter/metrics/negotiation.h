#pragma once

#include <string_view>

#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {

struct ScrapeFormat {
  ExpositionFormat format = ExpositionFormat::kText;
  bool gzip = false;
};

// What a client gets for its Accept and Accept-Encoding headers (empty where it sent none; several
// of a kind joined by commas): OpenMetrics where it names application/openmetrics-text, of
// version 1.0.0 or of none, with a higher quality than any text/plain; gzip where it names gzip or
// * with a quality above 0; else text 0.0.4, not encoded. Headers that cannot be understood ask for
// nothing. Pure.
[[nodiscard]] ScrapeFormat NegotiateScrape(std::string_view accept,
                                           std::string_view accept_encoding);

}  // namespace bullmq_exporter
