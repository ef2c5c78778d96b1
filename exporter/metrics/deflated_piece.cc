#include "exporter/metrics/deflated_piece.h"

#include <zlib.h>

#include <array>
#include <limits>
#include <new>
#include <utility>

namespace bullmq_exporter {
namespace {

// The quickest level: what is scraped is text that repeats itself, and level 1 makes 1.3 MB of 23.
constexpr int kLevel = 1;
constexpr int kWindowBits = 15;
constexpr int kMemLevel = 8;

constexpr std::size_t kDeflateChunk = std::size_t{32} * 1024;
constexpr std::size_t kInflateChunk = std::size_t{64} * 1024;

Bytef* Bytes(std::string_view text) {
  // zlib does not write to its input, but says so only when built with ZLIB_CONST.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

struct PieceWriter::Stream {
  z_stream z{};
  std::array<char, kDeflateChunk> out;
};

PieceWriter::PieceWriter() : stream_(std::make_unique<Stream>()) {
  if (deflateInit2(&stream_->z, kLevel, Z_DEFLATED, -kWindowBits, kMemLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
}

PieceWriter::~PieceWriter() { deflateEnd(&stream_->z); }

void PieceWriter::Append(std::string_view text) {
  constexpr std::size_t kMaxInput = std::numeric_limits<uInt>::max();
  while (!text.empty()) {
    const std::string_view part = text.substr(0, kMaxInput);
    piece_.crc =
        static_cast<std::uint32_t>(crc32(piece_.crc, Bytes(part), static_cast<uInt>(part.size())));
    piece_.length += part.size();
    Deflate(part, Z_NO_FLUSH);
    text.remove_prefix(part.size());
  }
}

DeflatedPiece PieceWriter::Finish() {
  if (!piece_.empty()) Deflate({}, Z_FULL_FLUSH);
  piece_.deflated.shrink_to_fit();
  deflateReset(&stream_->z);
  return std::exchange(piece_, {});
}

void PieceWriter::Deflate(std::string_view text, int flush) {
  z_stream& z = stream_->z;
  z.next_in = Bytes(text);
  z.avail_in = static_cast<uInt>(text.size());
  do {
    z.next_out = reinterpret_cast<Bytef*>(stream_->out.data());
    z.avail_out = static_cast<uInt>(stream_->out.size());
    deflate(&z, flush);
    piece_.deflated.append(stream_->out.data(), stream_->out.size() - z.avail_out);
  } while (z.avail_out == 0);
}

std::string GzipTrailer(const PieceList& pieces) {
  uLong crc = 0;
  std::uint64_t length = 0;
  for (const auto& piece : pieces) {
    crc = crc32_combine(crc, piece->crc, static_cast<z_off_t>(piece->length));
    length += piece->length;
  }
  std::string trailer("\x03\0", 2);  // an empty block that is the last one
  for (const std::uint64_t number : {static_cast<std::uint64_t>(crc), length}) {
    for (int shift = 0; shift < 32; shift += 8) {
      trailer.push_back(static_cast<char>((number >> shift) & 0xff));
    }
  }
  return trailer;
}

bool InflatePieces(const PieceList& pieces, const ByteSink& sink) {
  struct Inflater {
    z_stream z{};
    std::array<char, kInflateChunk> out;
    ~Inflater() { inflateEnd(&z); }
  };
  const auto inflater = std::make_unique<Inflater>();
  z_stream& z = inflater->z;
  if (inflateInit2(&z, -kWindowBits) != Z_OK) throw std::bad_alloc();
  z.next_out = reinterpret_cast<Bytef*>(inflater->out.data());
  z.avail_out = static_cast<uInt>(inflater->out.size());
  const auto flush = [&] {
    const std::size_t size = inflater->out.size() - z.avail_out;
    z.next_out = reinterpret_cast<Bytef*>(inflater->out.data());
    z.avail_out = static_cast<uInt>(inflater->out.size());
    return size == 0 || sink({inflater->out.data(), size});
  };
  for (const auto& piece : pieces) {
    z.next_in = Bytes(piece->deflated);
    z.avail_in = static_cast<uInt>(piece->deflated.size());
    // Pieces are never damaged, so the only news is a full buffer; what is left when a buffer is
    // just full comes with the next call.
    while (inflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_out == 0) {
      if (!flush()) return false;
    }
  }
  return flush();
}

}  // namespace bullmq_exporter
