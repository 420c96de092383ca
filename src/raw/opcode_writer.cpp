// Corrections become opcode lists: big-endian, each opcode with its number, the version of DNG that
// brought it, its flags and its size.
#include <bit>

#include "core/invariant.h"
#include "raw/opcodes.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

class BigEndian {
 public:
  void integer(std::uint32_t value) { put(value, 4); }
  void real(float value) { put(std::bit_cast<std::uint32_t>(value), 4); }
  void long_real(double value) { put(std::bit_cast<std::uint64_t>(value), 8); }
  Bytes bytes;

 private:
  void put(std::uint64_t value, int width) {
    for (int i = width - 1; i >= 0; --i) bytes.push_back(std::uint8_t(value >> (8 * i)));
  }
};

Bytes gain_map_parameters(const GainMap& map) {
  invariant(map.gains.size() == std::size_t(map.rows) * map.columns && !map.gains.empty());
  constexpr std::uint32_t first_plane = 0, planes = 1;
  BigEndian out;
  for (const int side : {map.top, map.left, map.bottom, map.right}) out.integer(side);
  out.integer(first_plane), out.integer(planes);
  for (const int count : {map.row_pitch, map.column_pitch, map.rows, map.columns})
    out.integer(count);
  for (const double place : {map.spacing_y, map.spacing_x, map.origin_y, map.origin_x})
    out.long_real(place);
  out.integer(planes);
  for (const float gain : map.gains) out.real(gain);
  return out.bytes;
}

Bytes vignette_parameters(const RadialVignette& vignette) {
  BigEndian out;
  for (const double k : vignette.k) out.long_real(k);
  out.long_real(vignette.center_x), out.long_real(vignette.center_y);
  return out.bytes;
}

Bytes warp_parameters(const RectilinearWarp& warp) {
  BigEndian out;
  out.integer(std::uint32_t(warp.planes.size()));
  for (const auto& plane : warp.planes)
    for (const double coefficient : plane) out.long_real(coefficient);
  out.long_real(warp.center_x), out.long_real(warp.center_y);
  return out.bytes;
}

struct WrittenOpcode {
  std::uint32_t number;
  Bytes parameters;
};

Bytes list_of(const std::vector<WrittenOpcode>& opcodes) {
  constexpr std::uint32_t since_dng_1_3 = 0x01030000, optional = 1;
  if (opcodes.empty()) return {};
  BigEndian list;
  list.integer(std::uint32_t(opcodes.size()));
  for (const auto& [number, parameters] : opcodes) {
    list.integer(number), list.integer(since_dng_1_3), list.integer(optional);
    list.integer(std::uint32_t(parameters.size()));
    list.bytes.insert(list.bytes.end(), parameters.begin(), parameters.end());
  }
  return list.bytes;
}

enum : std::uint32_t { warp_rectilinear = 1, fix_vignette_radial = 3, gain_map = 9 };

}  // namespace

Bytes opcode_list_2(std::span<const GainMap> maps) {
  std::vector<WrittenOpcode> opcodes;
  for (const GainMap& map : maps) opcodes.push_back({gain_map, gain_map_parameters(map)});
  return list_of(opcodes);
}

Bytes opcode_list_3(const std::optional<RadialVignette>& vignette,
                    const std::optional<RectilinearWarp>& warp) {
  std::vector<WrittenOpcode> opcodes;
  if (vignette) opcodes.push_back({fix_vignette_radial, vignette_parameters(*vignette)});
  if (warp) opcodes.push_back({warp_rectilinear, warp_parameters(*warp)});
  return list_of(opcodes);
}

}  // namespace lichtbild
