#include "exporter/metrics/deflated_piece.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

namespace bullmq_exporter {
namespace {

std::shared_ptr<const DeflatedPiece> Piece(std::string_view text) {
  PieceWriter writer;
  writer.Append(text);
  return std::make_shared<const DeflatedPiece>(writer.Finish());
}

std::string Inflated(const PieceList& pieces) {
  std::string text;
  EXPECT_TRUE(InflatePieces(pieces, [&text](std::string_view bytes) {
    EXPECT_LE(bytes.size(), 64 * 1024);
    text.append(bytes);
    return true;
  }));
  return text;
}

// By zlib's own reader of gzip files, which checks length and CRC.
std::string Gunzipped(const PieceList& pieces) {
  std::string gzip(kGzipHeader);
  for (const auto& piece : pieces) gzip += piece->deflated;
  gzip += GzipTrailer(pieces);
  z_stream z{};
  EXPECT_EQ(inflateInit2(&z, 16 + 15), Z_OK);
  std::string text(1 << 24, '\0');
  z.next_in = reinterpret_cast<Bytef*>(gzip.data());
  z.avail_in = static_cast<uInt>(gzip.size());
  z.next_out = reinterpret_cast<Bytef*>(text.data());
  z.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(z.avail_in, 0);
  text.resize(z.total_out);
  inflateEnd(&z);
  return text;
}

std::string Noise(std::size_t size, int alphabet) {
  std::mt19937 random(42);
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(static_cast<char>(random() % static_cast<unsigned>(alphabet)));
  }
  return text;
}

TEST(DeflatedPieceTest, PiecesJoinInAnyOrder) {
  const std::string texts[] = {"a",
                               "second\n",
                               std::string(100'000, 'x'),
                               Noise(300'000, 256),
                               Noise(300'000, 4),
                               std::string(std::size_t{64} * 1024, 'y')};
  PieceList pieces;
  std::string whole;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& text : texts) {
      pieces.insert(pieces.begin(), Piece(text));
      whole.insert(0, text);
    }
  }
  EXPECT_EQ(Inflated(pieces), whole);
  EXPECT_EQ(Gunzipped(pieces), whole);
}

TEST(DeflatedPieceTest, NothingIsAnEmptyFile) {
  EXPECT_EQ(Inflated({}), "");
  EXPECT_EQ(Gunzipped({}), "");
  EXPECT_TRUE(Piece("")->empty());
}

TEST(DeflatedPieceTest, AWriterMakesOnePieceAfterTheOther) {
  PieceWriter writer;
  PieceList pieces;
  for (const char* text : {"first", "second", "third"}) {
    writer.Expect(1000);
    for (const char* c = text; *c != '\0'; ++c) writer.Append(std::string_view(c, 1));
    pieces.push_back(std::make_shared<const DeflatedPiece>(writer.Finish()));
    EXPECT_EQ(Inflated({pieces.back()}), text);
    EXPECT_EQ(pieces.back()->length, std::string_view(text).size());
  }
  EXPECT_EQ(Gunzipped({pieces[2], pieces[0]}), "thirdfirst");
}

TEST(DeflatedPieceTest, TextOfEverySizeAroundABuffer) {
  for (std::size_t size = 64 * 1024 - 3; size <= 64 * 1024 + 3; ++size) {
    const std::string text = Noise(size, 256);
    EXPECT_EQ(Inflated({Piece(text)}), text);
    EXPECT_EQ(Inflated({Piece(text), Piece("tail")}), text + "tail");
  }
}

TEST(DeflatedPieceTest, ASinkThatWantsNoMoreIsNotAskedAgain) {
  const PieceList pieces = {Piece(std::string(500'000, 'x')), Piece("tail")};
  int calls = 0;
  EXPECT_FALSE(InflatePieces(pieces, [&calls](std::string_view) { return ++calls < 3; }));
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace bullmq_exporter
