// icc_bytes: ICC profiles put together byte by byte (ICC.1:2010, chapters 7 to 10), for tests.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lichtbild {

inline void put_number(std::string& bytes, std::uint32_t value, int size = 4) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes += char(value >> shift & 255);
}
inline std::string fixed_16(double value) {
  std::string bytes;
  put_number(bytes, std::uint32_t(std::lround(value * 65536)));
  return bytes;
}

// Tag types, each padded to four bytes by nature or here.
inline std::string xyz_tag(const std::array<double, 3>& xyz) {
  return std::string("XYZ \0\0\0\0", 8) + fixed_16(xyz[0]) + fixed_16(xyz[1]) + fixed_16(xyz[2]);
}
inline std::string gamma_tag(double gamma) {  // 8.8 fixed point
  std::string bytes("curv\0\0\0\0\0\0\0\1", 12);
  put_number(bytes, std::uint32_t(std::lround(gamma * 256)), 2);
  return bytes + std::string(2, '\0');
}
inline std::string srgb_curve_tag() {  // parametric, type 3
  return std::string("para\0\0\0\0\0\3\0\0", 12) + fixed_16(2.4) + fixed_16(1 / 1.055) +
         fixed_16(0.055 / 1.055) + fixed_16(1 / 12.92) + fixed_16(0.04045);
}

// A display's profile; `space` is "RGB ", "GRAY", "CMYK".
inline std::string icc_bytes(const std::string& space,
                             const std::vector<std::pair<std::string, std::string>>& tags) {
  constexpr std::uint32_t header_size = 128, entry_size = 12;
  std::string table, data;
  put_number(table, std::uint32_t(tags.size()));
  for (const auto& [name, value] : tags) {
    table += name;
    put_number(table, header_size + 4 + entry_size * std::uint32_t(tags.size()) +
                          std::uint32_t(data.size()));
    put_number(table, std::uint32_t(value.size()));
    data += value;
  }
  std::string bytes;
  put_number(bytes, header_size + std::uint32_t(table.size() + data.size()));
  bytes += std::string("\0\0\0\0\4\0\0\0mntr", 12) + space + "XYZ ";
  bytes += std::string("\7\352\0\1\0\1\0\0\0\0\0\0", 12) + "acsp" + std::string(28, '\0');
  bytes += fixed_16(0.9642) + fixed_16(1) + fixed_16(0.8249);  // D50
  bytes.resize(header_size);
  return bytes + table + data;
}

inline std::string rgb_profile(const std::array<std::array<double, 3>, 3>& colorants_d50,
                               const std::string& curve) {
  return icc_bytes("RGB ", {{"wtpt", xyz_tag({0.9642, 1, 0.8249})},
                            {"rXYZ", xyz_tag(colorants_d50[0])},
                            {"gXYZ", xyz_tag(colorants_d50[1])},
                            {"bXYZ", xyz_tag(colorants_d50[2])},
                            {"rTRC", curve},
                            {"gTRC", curve},
                            {"bTRC", curve}});
}
// Colorants as the published profiles have them.
inline std::string display_p3_profile() {
  return rgb_profile(
      {{{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}},
      srgb_curve_tag());
}
inline std::string adobe_rgb_profile() {
  return rgb_profile(
      {{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}},
      gamma_tag(563.0 / 256));
}

}  // namespace lichtbild
