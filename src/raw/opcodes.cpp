#include "raw/opcodes.h"

#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "core/error.h"

namespace lichtbild {
namespace {

enum Opcode : std::uint32_t {
  warp_rectilinear = 1,
  fix_vignette_radial = 3,
  fix_bad_pixels_constant = 4,
  fix_bad_pixels_list = 5,
  gain_map = 9
};

std::string name_of(std::uint32_t opcode) {
  static constexpr std::array<const char*, 15> names{"?",
                                                     "WarpRectilinear",
                                                     "WarpFisheye",
                                                     "FixVignetteRadial",
                                                     "FixBadPixelsConstant",
                                                     "FixBadPixelsList",
                                                     "TrimBounds",
                                                     "MapTable",
                                                     "MapPolynomial",
                                                     "GainMap",
                                                     "DeltaPerRow",
                                                     "DeltaPerColumn",
                                                     "ScalePerRow",
                                                     "ScalePerColumn",
                                                     "WarpRectilinear2"};
  return opcode > 0 && opcode < names.size() ? names[opcode] : fmt::format("opcode {}", opcode);
}

// Big-endian values one after the other, up to an end that is checked at every step.
class Cursor {
 public:
  Cursor(std::span<const std::uint8_t> bytes, std::string where, std::size_t end)
      : bytes_(bytes), where_(std::move(where)), end_(end) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return end_ - position_; }

  std::uint32_t integer() { return std::uint32_t(take(4)); }
  float real() {
    const float value = std::bit_cast<float>(integer());
    if (!std::isfinite(value)) refuse(position_ - 4, "a value is not a finite number");
    return value;
  }
  double long_real() {
    const double value = std::bit_cast<double>(take(8));
    if (!std::isfinite(value)) refuse(position_ - 8, "a value is not a finite number");
    return value;
  }
  double real_within(double least, double most) {
    const double value = long_real();
    if (value < least || value > most)
      refuse(position_ - 8,
             fmt::format("{:g} does not lie between {:g} and {:g}", value, least, most));
    return value;
  }
  // The next `size` bytes as a cursor of their own.
  Cursor part(std::size_t size, const std::string& what) {
    if (size > left())
      refuse(position_, fmt::format("{} claims {} bytes, {} are left", what, size, left()));
    Cursor inner(bytes_, where_, position_ + size);
    inner.position_ = position_;
    position_ += size;
    return inner;
  }
  [[noreturn]] void refuse(std::size_t position, const std::string& what) const {
    throw Error(fmt::format("{}: byte {}", where_, position), what,
                "the corrections in the file are damaged: copy the file again or write it anew");
  }

 private:
  std::uint64_t take(std::size_t width) {
    if (width > left()) refuse(position_, "the list ends in the middle of an opcode");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes_[position_++];
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::string where_;
  std::size_t position_ = 0, end_;
};

// A coordinate of the picture; larger ones mean "up to the border" in some writers' files.
int coordinate(Cursor& cursor) { return int(std::min(cursor.integer(), 65535u)); }

std::optional<GainMap> read_gain_map(Cursor& cursor) {
  const std::size_t start = cursor.position();
  GainMap map;
  map.top = coordinate(cursor), map.left = coordinate(cursor);
  map.bottom = coordinate(cursor), map.right = coordinate(cursor);
  const std::uint32_t plane = cursor.integer(), planes = cursor.integer();
  map.row_pitch = coordinate(cursor), map.column_pitch = coordinate(cursor);
  const std::uint32_t rows = cursor.integer(), columns = cursor.integer();
  map.spacing_y = cursor.long_real(), map.spacing_x = cursor.long_real();
  map.origin_y = cursor.long_real(), map.origin_x = cursor.long_real();
  const std::uint32_t map_planes = cursor.integer();

  if (map.row_pitch == 0 || map.column_pitch == 0) cursor.refuse(start, "GainMap has pitch 0");
  const std::uint64_t gains = std::uint64_t(rows) * columns;
  if (gains == 0 || map_planes == 0 || gains > cursor.left() / 4 ||
      gains * map_planes != cursor.left() / 4 || cursor.left() % 4 != 0)
    cursor.refuse(start, fmt::format("GainMap claims {} x {} x {} gains in {} bytes", rows, columns,
                                     map_planes, cursor.left()));
  if ((rows > 1 && map.spacing_y <= 0) || (columns > 1 && map.spacing_x <= 0))
    cursor.refuse(start, "GainMap has grid spacing 0");
  // Gains of single color planes act on an interpolated picture, of which a mosaic is no part.
  if (plane != 0 || map_planes != 1 || planes == 0) return std::nullopt;
  map.rows = int(rows), map.columns = int(columns);
  map.gains.resize(gains);
  for (float& gain : map.gains) gain = cursor.real();
  return map;
}

RectilinearWarp read_warp(Cursor& cursor) {
  const std::uint32_t planes = cursor.integer();
  if ((planes != 1 && planes != 3) || cursor.left() != planes * 48 + 16)
    cursor.refuse(cursor.position() - 4, fmt::format("WarpRectilinear claims {} planes in {} bytes",
                                                     planes, cursor.left()));
  RectilinearWarp warp;
  warp.planes.resize(planes);
  for (auto& plane : warp.planes)
    for (double& coefficient : plane) coefficient = cursor.real_within(-100, 100);
  warp.center_x = cursor.real_within(-1, 2);
  warp.center_y = cursor.real_within(-1, 2);
  return warp;
}

RadialVignette read_vignette(Cursor& cursor) {
  if (cursor.left() != 56)
    cursor.refuse(cursor.position(),
                  fmt::format("FixVignetteRadial has {} bytes instead of 56", cursor.left()));
  RadialVignette vignette;
  for (double& coefficient : vignette.k) coefficient = cursor.long_real();
  vignette.center_x = cursor.long_real();
  vignette.center_y = cursor.long_real();
  return vignette;
}

std::uint32_t read_bad_constant(Cursor& cursor) {
  if (cursor.left() != 8)
    cursor.refuse(cursor.position(),
                  fmt::format("FixBadPixelsConstant has {} bytes instead of 8", cursor.left()));
  return cursor.integer();  // the phase of the Bayer filter follows: the file's own tags say it
}

void read_bad_list(Cursor& cursor, std::vector<BadArea>& areas) {
  const std::size_t start = cursor.position();
  cursor.integer();  // phase
  const std::uint64_t points = cursor.integer(), rectangles = cursor.integer();
  if (cursor.left() != 8 * points + 16 * rectangles)
    cursor.refuse(start,
                  fmt::format("FixBadPixelsList claims {} points and {} rectangles in {} bytes",
                              points, rectangles, cursor.left()));
  for (std::uint64_t i = 0; i < points; ++i) {
    const int y = coordinate(cursor), x = coordinate(cursor);
    areas.push_back({y, x, y + 1, x + 1});
  }
  for (std::uint64_t i = 0; i < rectangles; ++i) {
    const int top = coordinate(cursor), left = coordinate(cursor);
    const int bottom = coordinate(cursor), right = coordinate(cursor);
    areas.push_back({top, left, bottom, right});
  }
}

// Whether the opcode was understood and taken over.
bool read_opcode(std::uint32_t opcode, Cursor& cursor, LensCorrections& lens) {
  switch (opcode) {
    case warp_rectilinear:
      lens.warp = read_warp(cursor);
      return true;
    case fix_vignette_radial:
      lens.vignette = read_vignette(cursor);
      return true;
    case gain_map:
      if (auto map = read_gain_map(cursor)) {
        lens.gain_maps.push_back(std::move(*map));
        return true;
      }
      return false;
    default:
      return false;
  }
}

bool read_opcode(std::uint32_t opcode, Cursor& cursor, BadPixels& bad) {
  if (opcode == fix_bad_pixels_constant)
    bad.constant = read_bad_constant(cursor);
  else if (opcode == fix_bad_pixels_list)
    read_bad_list(cursor, bad.areas);
  else
    return false;
  return true;
}

template <class Result>
void parse(std::span<const std::uint8_t> list, const std::string& where, Result& result) {
  if (list.empty()) return;
  Cursor cursor(list, where, list.size());
  const std::uint32_t count = cursor.integer();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t start = cursor.position();
    const std::uint32_t opcode = cursor.integer();
    cursor.integer();  // the DNG version that introduced it
    const std::uint32_t flags = cursor.integer();
    const std::uint32_t size = cursor.integer();
    Cursor parameters = cursor.part(size, name_of(opcode));
    const bool is_optional = flags & 1;
    if (!read_opcode(opcode, parameters, result) && !is_optional)
      throw Error(fmt::format("{}: byte {}", where, start),
                  fmt::format("{} is not optional and not supported", name_of(opcode)),
                  "convert the file to a DNG without it");
  }
}

}  // namespace

void parse_opcodes(std::span<const std::uint8_t> list, const std::string& where,
                   LensCorrections& lens) {
  parse(list, where, lens);
}

BadPixels parse_bad_pixels(std::span<const std::uint8_t> list, const std::string& where) {
  BadPixels bad;
  parse(list, where, bad);
  return bad;
}

}  // namespace lichtbild
