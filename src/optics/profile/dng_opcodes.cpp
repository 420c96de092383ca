// DNG OpcodeList3: vignetting in the recorded picture, then the warp; big-endian.
#include <algorithm>
#include <bit>
#include <cmath>

#include "optics/profile/fits.h"
#include "optics/profile/profile_files.h"

namespace lichtbild::optics {
namespace {

// Distances in the specification's picture run between the centers of its outermost samples.
double corner_px(const ProfileSensor& sensor) {
  return std::hypot(sensor.width_px - 1, sensor.height_px - 1) / 2;
}

class BigEndian {
 public:
  void integer(std::uint32_t value) { put(value, 4); }
  void real(double value) { put(std::bit_cast<std::uint64_t>(value), 8); }
  std::vector<std::uint8_t> bytes;

 private:
  void put(std::uint64_t value, int width) {
    for (int i = width - 1; i >= 0; --i) bytes.push_back(std::uint8_t(value >> (8 * i)));
  }
};

void begin_opcode(BigEndian& list, std::uint32_t id, std::uint32_t size) {
  constexpr std::uint32_t since_dng_1_3 = 0x01030000, optional = 1;
  list.integer(id);
  list.integer(since_dng_1_3);
  list.integer(optional);
  list.integer(size);
}

}  // namespace

DngModel fit_dng(const LensProfile& profile) {
  DngModel model;
  model.magnification = corrected_scale(profile);
  const double half = profile.sensor.half_diagonal_px(), corner = corner_px(profile.sensor);
  constexpr int points = 200;
  for (int c = 0; c < 3; ++c) {
    const CenterOfLight center(profile, c);
    std::vector<FitRow> rows;
    for (int i = 1; i <= points; ++i) {
      const double r = double(i) / points, r2 = r * r;
      const double ideal = model.magnification * r * corner / half;
      const double real_px = half * center.from_ideal(ideal);
      rows.push_back({{r, r * r2, r * r2 * r2, r * r2 * r2 * r2}, real_px / corner});
    }
    const Fit fit = fit_smallest_largest_error(rows);
    std::copy(fit.coefficients.begin(), fit.coefficients.end(), model.warp[c].begin());
    model.warp_residual_px = std::max(model.warp_residual_px, fit.largest_error * corner);
  }
  return model;
}

std::vector<std::uint8_t> opcode_list_3(const LensProfile& profile) {
  enum : std::uint32_t { warp_rectilinear = 1, fix_vignette_radial = 3 };
  const DngModel model = fit_dng(profile);
  BigEndian list;
  list.integer(2);
  begin_opcode(list, fix_vignette_radial, 7 * 8);
  for (const double k : profile.shading.gain) list.real(k);
  list.real(profile.center_x);
  list.real(profile.center_y);
  begin_opcode(list, warp_rectilinear, 4 + 3 * 6 * 8 + 2 * 8);
  list.integer(3);
  for (const auto& plane : model.warp) {
    for (const double k : plane) list.real(k);
    list.real(0);  // no tangential terms
    list.real(0);
  }
  list.real(profile.center_x);
  list.real(profile.center_y);
  return list.bytes;
}

}  // namespace lichtbild::optics
