#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {

// Takes some bytes; false: no more are wanted.
using ByteSink = std::function<bool(std::string_view)>;

// A text as raw deflate (RFC 1951), closed by a full flush: pieces can be joined in any order into
// one stream without looking into them. Immutable once made.
struct DeflatedPiece {
  std::string deflated;
  std::uint64_t length = 0;  // of the text
  std::uint32_t crc = 0;     // CRC-32 of the text

  [[nodiscard]] bool empty() const { return length == 0; }
};

using PieceList = std::vector<std::shared_ptr<const DeflatedPiece>>;

// Makes pieces, one after the other, from text that is handed over bit by bit: the text as a whole
// never stands in memory. For one thread. Throws std::bad_alloc.
class PieceWriter {
 public:
  PieceWriter();
  PieceWriter(const PieceWriter&) = delete;
  PieceWriter& operator=(const PieceWriter&) = delete;
  ~PieceWriter();

  void Append(std::string_view text);

  // Makes room for the next piece at once: a guess at its size.
  void Expect(std::size_t deflated_bytes) { piece_.deflated.reserve(deflated_bytes); }

  // The piece of all text since the last Finish. The writer begins anew.
  [[nodiscard]] DeflatedPiece Finish();

 private:
  void Deflate(std::string_view text, int flush);

  struct Stream;
  std::unique_ptr<Stream> stream_;
  DeflatedPiece piece_;
};

// The gzip file (RFC 1952, one member) of pieces joined in their order: what stands around them.
inline constexpr std::string_view kGzipHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
[[nodiscard]] std::string GzipTrailer(const PieceList& pieces);

// The text of the pieces, in parts of at most 64 KiB, until `sink` wants no more (then false).
[[nodiscard]] bool InflatePieces(const PieceList& pieces, const ByteSink& sink);

}  // namespace bullmq_exporter
