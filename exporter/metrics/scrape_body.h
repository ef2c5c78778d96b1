#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/metrics/deflated_piece.h"
#include "exporter/metrics/text_format.h"

namespace bullmq_exporter {

// The body of one scrape. It shares the pieces that it is made of, so it stays whole whatever is
// updated or destroyed after it was made. Immutable; thread-safe.
class ScrapeBody {
 public:
  ScrapeBody(ExpositionFormat format, bool gzip, PieceList pieces);

  [[nodiscard]] std::string_view content_type() const { return ContentType(format_); }
  [[nodiscard]] bool gzip() const { return gzip_; }         // Content-Encoding: gzip
  [[nodiscard]] std::size_t size() const { return size_; }  // bytes of the body: Content-Length

  // Hands all of the body to `sink`, part by part; stops where `sink` wants no more, and returns
  // false. Without gzip the text is inflated here, 64 KiB at a time.
  [[nodiscard]] bool Write(const ByteSink& sink) const;

 private:
  ExpositionFormat format_;
  bool gzip_;
  PieceList pieces_;
  std::string trailer_;  // with gzip
  std::size_t size_ = 0;
};

}  // namespace bullmq_exporter
