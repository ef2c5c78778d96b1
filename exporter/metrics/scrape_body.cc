#include "exporter/metrics/scrape_body.h"

#include <utility>

namespace bullmq_exporter {

ScrapeBody::ScrapeBody(ExpositionFormat format, bool gzip, PieceList pieces)
    : format_(format), gzip_(gzip), pieces_(std::move(pieces)) {
  if (gzip_) {
    trailer_ = GzipTrailer(pieces_);
    size_ = kGzipHeader.size() + trailer_.size();
  }
  for (const auto& piece : pieces_) {
    size_ += gzip_ ? piece->deflated.size() : static_cast<std::size_t>(piece->length);
  }
}

bool ScrapeBody::Write(const ByteSink& sink) const {
  if (!gzip_) return InflatePieces(pieces_, sink);
  if (!sink(kGzipHeader)) return false;
  for (const auto& piece : pieces_) {
    if (!sink(piece->deflated)) return false;
  }
  return sink(trailer_);
}

}  // namespace bullmq_exporter
