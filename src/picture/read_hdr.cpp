// Radiance pictures: flat, old (repeated pixels) and new (components apart) run-length scanlines.
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/atomic_file.h"
#include "picture/hdr_header.h"
#include "picture/readers.h"

namespace lichtbild {
namespace {

using Pixel = std::array<std::uint8_t, 4>;  // three mantissas and their exponent

class Bytes {
 public:
  Bytes(std::string_view file, std::size_t at, const std::string& where)
      : file_(file), at_(at), where_(where) {}

  std::uint8_t next() {
    if (at_ >= file_.size()) fail("it is cut off");
    return std::uint8_t(file_[at_++]);
  }
  Pixel next_pixel() { return {next(), next(), next(), next()}; }
  // Of the next four bytes, which stay.
  Pixel seen_pixel() {
    const std::size_t at = at_;
    const Pixel pixel = next_pixel();
    at_ = at;
    return pixel;
  }
  std::size_t left() const { return file_.size() - at_; }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(where_, fmt::format("is not a sound Radiance picture: at byte {} {}", at_, what),
                "save it again");
  }

 private:
  std::string_view file_;
  std::size_t at_;
  const std::string& where_;
};

// Mantissas 1, 1, 1 repeat the pixel before; several in a row are digits of 8 bits, lowest first.
void read_old_scanline(Bytes& bytes, std::span<Pixel> scanline) {
  std::size_t x = 0;
  int shift = 0;
  while (x < scanline.size()) {
    const Pixel pixel = bytes.next_pixel();
    if (pixel[0] != 1 || pixel[1] != 1 || pixel[2] != 1) {
      scanline[x++] = pixel;
      shift = 0;
      continue;
    }
    constexpr int most_digits = 4;
    if (shift >= 8 * most_digits) bytes.fail("a run is too long");
    const std::size_t count = std::size_t(pixel[3]) << shift;
    if (count > scanline.size() - x) bytes.fail("a run leaves the scanline");
    if (count > 0 && x == 0) bytes.fail("a run repeats nothing");
    for (std::size_t i = 0; i < count; ++i, ++x) scanline[x] = scanline[x - 1];
    shift += 8;
  }
}

// Each component by itself: above 128 a run of one value, else as many values.
void read_components(Bytes& bytes, std::span<Pixel> scanline) {
  for (std::size_t component = 0; component < 4; ++component)
    for (std::size_t x = 0; x < scanline.size();) {
      const int code = bytes.next();
      const bool is_run = code > 128;
      const std::size_t count = is_run ? code - 128 : code;
      if (count == 0 || count > scanline.size() - x) bytes.fail("a run leaves the scanline");
      const std::uint8_t value = is_run ? bytes.next() : 0;
      for (std::size_t i = 0; i < count; ++i)
        scanline[x++][component] = is_run ? value : bytes.next();
    }
}

// 2, 2 and the length, below 2^15, start a new scanline; a pixel that is written so is never
// normalized.
void read_scanline(Bytes& bytes, std::span<Pixel> scanline) {
  constexpr std::size_t shortest = 8, longest = 0x7FFF;
  if (scanline.size() < shortest || scanline.size() > longest)
    return read_old_scanline(bytes, scanline);
  const Pixel start = bytes.seen_pixel();
  if (start[0] != 2 || start[1] != 2 || start[2] >= 128) return read_old_scanline(bytes, scanline);
  bytes.next_pixel();
  if (std::size_t(start[2]) << 8 != (scanline.size() & ~std::size_t(255)) ||
      start[3] != (scanline.size() & 255))
    bytes.fail("a scanline has another length");
  read_components(bytes, scanline);
}

// The middle of what truncation leaves open, as Radiance itself has it.
Vector3 number_of(const Pixel& pixel) {
  if (pixel[3] == 0) return {0, 0, 0};
  const double step = std::ldexp(1.0, int(pixel[3]) - (128 + 8));
  return {(pixel[0] + 0.5) * step, (pixel[1] + 0.5) * step, (pixel[2] + 0.5) * step};
}

// Light of a pixel's numbers. XYZ has equal energy as its white, and is 179 lumens a watt.
Matrix3 light_from(const HdrHeader& header) {
  const Vector3& by = header.multiplied_by;
  const Matrix3 original = Matrix3::diagonal({1 / by[0], 1 / by[1], 1 / by[2]});
  if (!header.is_xyz) return original;
  constexpr double lumens_per_watt = 179;
  const Chromaticity equal_energy{1.0 / 3, 1.0 / 3};
  return 1 / lumens_per_watt *
         (xyz_from_rec2020().inverse() * adapt(equal_energy, white_d65) * original);
}

}  // namespace

Image<float> parse_hdr(std::string_view file, const std::string& where) {
  const HdrHeader header = parse_hdr_header(file, where);
  Bytes bytes(file, header.size, where);
  // A scanline is one pixel at least.
  if (bytes.left() < std::size_t(4) * header.scanlines) bytes.fail("it is cut off");
  const Matrix3 light = light_from(header);
  Image<float> image(header.width(), header.height(), 3);
  std::vector<Pixel> scanline(header.pixels);
  for (int i = 0; i < header.scanlines; ++i) {
    read_scanline(bytes, scanline);
    const int across = header.scanlines_backwards ? header.scanlines - 1 - i : i;
    for (int k = 0; k < header.pixels; ++k) {
      const int along = header.pixels_backwards ? header.pixels - 1 - k : k;
      const Vector3 color = light * number_of(scanline[k]);
      for (int c = 0; c < 3; ++c)
        (header.columns ? image(across, along, c) : image(along, across, c)) = float(color[c]);
    }
  }
  return image;
}

Image<float> read_hdr(const std::string& path) { return parse_hdr(read_file(path), path); }

PictureColors hdr_colors(const std::string& path) {
  const HdrHeader header = parse_hdr_header(read_file(path), path);
  const Primaries radiance{{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}, {1.0 / 3, 1.0 / 3}};
  const Primaries rec2020{{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, white_d65};
  return {{}, header.is_xyz ? rec2020 : header.primaries.value_or(radiance), 1};
}

}  // namespace lichtbild
