#include "photo/png.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/error.h"
#include "photo/deflate.h"
#include "photo/strips.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int bytes_per_pixel = 6;

void put_big_endian(Bytes& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(value >> shift & 255);
}

void put_chunk(Bytes& file, std::string_view type, std::span<const std::uint8_t> content) {
  put_big_endian(file, std::uint32_t(content.size()));
  const std::size_t start = file.size();
  file.insert(file.end(), type.begin(), type.end());
  file.insert(file.end(), content.begin(), content.end());
  put_big_endian(file, std::uint32_t(crc32_z(0, file.data() + start, file.size() - start)));
}

void put_row(const std::uint16_t* samples, int count, std::uint8_t* bytes) {
  for (int i = 0; i < count; ++i) {
    bytes[2 * i] = samples[i] >> 8;
    bytes[2 * i + 1] = samples[i] & 255;
  }
}

std::uint8_t paeth(int left, int above, int above_left) {
  const int to_left = std::abs(above - above_left), to_above = std::abs(left - above_left);
  const int to_corner = std::abs(left + above - 2 * above_left);
  const int nearer = to_above <= to_corner ? above : above_left;
  return to_left <= to_above && to_left <= to_corner ? left : nearer;
}

// `row` and `above` have a black pixel before their first byte.
void filter_row(const std::uint8_t* row, const std::uint8_t* above, int count, std::uint8_t* out) {
  constexpr int paeth_filter = 4;
  *out++ = paeth_filter;
  for (int i = 0; i < count; ++i)
    out[i] = row[i] - paeth(row[i - bytes_per_pixel], above[i], above[i - bytes_per_pixel]);
}

Bytes filtered(const Image<std::uint16_t>& rgb, int first, int last) {
  const int row_bytes = 2 * rgb.width();
  Bytes out(std::size_t(last - first) * (row_bytes + 1));
  Bytes above(bytes_per_pixel + row_bytes), row(bytes_per_pixel + row_bytes);
  if (first > 0) put_row(rgb.row(first - 1), rgb.width(), above.data() + bytes_per_pixel);
  for (int y = first; y < last; ++y) {
    put_row(rgb.row(y), rgb.width(), row.data() + bytes_per_pixel);
    filter_row(row.data() + bytes_per_pixel, above.data() + bytes_per_pixel, row_bytes,
               out.data() + std::size_t(y - first) * (row_bytes + 1));
    row.swap(above);
  }
  return out;
}

std::vector<DeflatedPiece> deflated_strips(const Image<std::uint16_t>& rgb) {
  constexpr int strip_rows = 64;
  std::vector<DeflatedPiece> pieces((rgb.height() + strip_rows - 1) / strip_rows);
  for_each_strip(int(pieces.size()), [&](int i) {
    const int last = std::min((i + 1) * strip_rows, rgb.height());
    pieces[i] = deflated_piece(filtered(rgb, i * strip_rows, last), last == rgb.height());
  });
  return pieces;
}

Bytes header(int width, int height) {
  Bytes content;
  put_big_endian(content, width);
  put_big_endian(content, height);
  content.insert(content.end(),
                 {16, 2, 0, 0, 0});  // bits, RGB, deflate, adaptive filters, no interlace
  return content;
}

Bytes named_profile(const Bytes& icc) {
  constexpr std::string_view name("ICC profile\0\0", 13);  // its end, and deflate
  Bytes content(name.begin(), name.end());
  const Bytes stream = zlib_stream(icc);
  content.insert(content.end(), stream.begin(), stream.end());
  return content;
}

}  // namespace

Bytes png_bytes(const Image<std::uint16_t>& rgb, const Bytes& icc, const Bytes& exif,
                const std::string& where) {
  if (rgb.width() > 6'000'000)
    throw Error(where, "the picture is too wide for PNG", "write a TIFF");
  std::vector<DeflatedPiece> pieces = deflated_strips(rgb);
  pieces.front().blocks.insert(pieces.front().blocks.begin(), {0x78, 0x01});  // zlib's header
  put_big_endian(pieces.back().blocks, combined_adler(pieces));
  Bytes file{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  put_chunk(file, "IHDR", header(rgb.width() / 3, rgb.height()));
  if (!icc.empty()) put_chunk(file, "iCCP", named_profile(icc));
  if (!exif.empty()) put_chunk(file, "eXIf", exif);
  for (const DeflatedPiece& piece : pieces) put_chunk(file, "IDAT", piece.blocks);
  put_chunk(file, "IEND", {});
  return file;
}

}  // namespace lichtbild
