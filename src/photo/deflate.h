// Deflate (RFC 1951) tuned for filtered photographs: little search for repeats, which noise does
// not have.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lichtbild {

// A whole zlib stream (RFC 1950).
std::vector<std::uint8_t> zlib_stream(std::span<const std::uint8_t> bytes);

// A piece of a zlib stream made in parallel: blocks that need nothing from before, ended on a byte,
// and the piece's Adler-32. Header, pieces in order (the last marked so) and combined checksum make
// the stream.
struct DeflatedPiece {
  std::vector<std::uint8_t> blocks;
  std::uint32_t adler = 1;
  std::size_t plain_size = 0;
};
DeflatedPiece deflated_piece(std::span<const std::uint8_t> bytes, bool is_last);
std::uint32_t combined_adler(std::span<const DeflatedPiece> pieces);

}  // namespace lichtbild
