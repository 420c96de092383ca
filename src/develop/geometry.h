// Geometry: distortion and lateral color of the lens, undone by one resampling per camera color;
// known from the file (DNG opcode WarpRectilinear) or from the lens's profile.
#pragma once

#include <array>
#include <vector>

#include "core/half.h"
#include "core/lens_profile.h"
#include "core/raw_frame.h"

namespace lichtbild {

struct Point {
  double x = 0, y = 0;
};

// Where a point of the straight picture's red, green and blue lies in the recorded active area.
class StraightGeometry {
 public:
  // DNG 1.4 specification, chapter 7: r' = r (k0 + k1 r^2 + k2 r^4 + k3 r^6), two tangential terms;
  // r is 1 at the farthest sample.
  StraightGeometry(const RectilinearWarp& warp, int width, int height);
  // f tan(theta) times corrected_scale(); samples of any pitch as long as they cover the sensor.
  StraightGeometry(const LensProfile& lens, int width, int height);

  // In samples; a sample's middle is a whole number.
  Point recorded(int plane, Point straight) const {
    const double dx = (straight.x - center_.x) * per_unit_,
                 dy = (straight.y - center_.y) * per_unit_;
    const double r2 = dx * dx + dy * dy, at = r2 * entries / farthest_r2_;
    const int i = at < entries ? int(at) : entries - 1;
    const std::vector<double>& ratio = ratio_[plane];
    const double radial = ratio[i] + (at - i) * (ratio[i + 1] - ratio[i]);
    const auto& [down, across] = tangential_[plane];
    const double tx = 2 * down * dx * dy + across * (r2 + 2 * dx * dx),
                 ty = 2 * across * dx * dy + down * (r2 + 2 * dy * dy);
    return {center_.x + (radial * dx + tx) / per_unit_, center_.y + (radial * dy + ty) / per_unit_};
  }

 private:
  // Linear between the entries of a smooth function: 1e-4 samples at the worst.
  static constexpr int entries = 4096;
  Point center_;
  double per_unit_ = 1;                       // of samples
  double farthest_r2_ = 1;                    // of a sample of the picture
  std::array<std::vector<double>, 3> ratio_;  // recorded over straight radius, over the square
  std::array<std::array<double, 2>, 3> tangential_{};

  void look_at(int width, int height);
};

// Resamples camera red, green and blue by Lanczos-3, clamped to the neighbors' range so that edges
// do not ring, and multiplies by `matrix`. `active` is the recorded active area's place in the
// picture, `shown` the part of the active area that comes out.
Image<Half> straightened(const Image<Half>& picture, const Crop& active,
                         const StraightGeometry& geometry, const Matrix3& matrix,
                         const Crop& shown);

}  // namespace lichtbild
