#include "photo/deflate.h"

#include <zlib.h>

#include <new>

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Pieces of a picture are far below zlib's 32-bit counters. window_bits: 15 with zlib's header, -15
// without.
Bytes deflated(std::span<const std::uint8_t> bytes, int window_bits, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, window_bits, 9, Z_RLE) != Z_OK) throw std::bad_alloc();
  Bytes out(deflateBound(&stream, bytes.size()) + 64);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = uInt(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = uInt(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

Bytes zlib_stream(std::span<const std::uint8_t> bytes) { return deflated(bytes, 15, Z_FINISH); }

DeflatedPiece deflated_piece(std::span<const std::uint8_t> bytes, bool is_last) {
  return {deflated(bytes, -15, is_last ? Z_FINISH : Z_FULL_FLUSH),
          std::uint32_t(adler32_z(1, bytes.data(), bytes.size())), bytes.size()};
}

std::uint32_t combined_adler(std::span<const DeflatedPiece> pieces) {
  uLong adler = 1;
  for (const DeflatedPiece& piece : pieces)
    adler = adler32_combine(adler, piece.adler, z_off_t(piece.plain_size));
  return std::uint32_t(adler);
}

}  // namespace lichtbild
