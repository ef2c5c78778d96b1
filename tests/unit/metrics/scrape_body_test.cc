#include "exporter/metrics/scrape_body.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

PieceList TwoPieces() {
  PieceWriter writer;
  PieceList pieces;
  for (const char* text : {"first\n", "second\n"}) {
    writer.Append(text);
    pieces.push_back(std::make_shared<const DeflatedPiece>(writer.Finish()));
  }
  return pieces;
}

std::string Written(const ScrapeBody& body) {
  std::string bytes;
  EXPECT_TRUE(body.Write([&bytes](std::string_view part) {
    bytes.append(part);
    return true;
  }));
  return bytes;
}

TEST(ScrapeBodyTest, Plain) {
  const ScrapeBody body(ExpositionFormat::kOpenMetrics, false, TwoPieces());
  EXPECT_EQ(body.content_type(), ContentType(ExpositionFormat::kOpenMetrics));
  EXPECT_FALSE(body.gzip());
  EXPECT_EQ(body.size(), 13);
  EXPECT_EQ(Written(body), "first\nsecond\n");
  EXPECT_EQ(Written(body), "first\nsecond\n");
}

TEST(ScrapeBodyTest, Gzip) {
  const ScrapeBody body(ExpositionFormat::kText, true, TwoPieces());
  EXPECT_EQ(body.content_type(), ContentType(ExpositionFormat::kText));
  EXPECT_TRUE(body.gzip());
  const std::string bytes = Written(body);
  EXPECT_EQ(bytes.size(), body.size());
  EXPECT_TRUE(bytes.starts_with("\x1f\x8b\x08"));
}

TEST(ScrapeBodyTest, StopsWhereTheSinkDoes) {
  for (const bool gzip : {false, true}) {
    const ScrapeBody body(ExpositionFormat::kText, gzip, TwoPieces());
    int calls = 0;
    EXPECT_FALSE(body.Write([&calls](std::string_view) {
      ++calls;
      return false;
    }));
    EXPECT_EQ(calls, 1);
  }
}

}  // namespace
}  // namespace bullmq_exporter
