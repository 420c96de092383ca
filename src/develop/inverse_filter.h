// Inverse filters: short convolutions that take the lens's blur out of a picture again, from the
// kernels of its profile.
//
// For the lens's transfer function H of a channel at a radius, over frequencies f in cycles per
// sample, the filter's is
//
//   W = (1 + e) max(T, |H|) conj(H) / (|H|^2 + e)         (Wiener 1949, toward the target T)
//
// with T = 1 / P but for a roll-off to Nyquist, so that what a good lens has kept stays, and coma's
// shift is taken back; P is the transfer of the sensor's own square pixel. |W| stays below 2.4, or
// it would ripple. W - 1 goes to 0 towards Nyquist; the impulse response is faded out at the
// filter's border; its sum is 1.
#pragma once

#include <array>
#include <vector>

#include "core/lens_profile.h"

namespace lichtbild {

class InverseFilters {
 public:
  static constexpr int radius = 6, size = 2 * radius + 1;
  using Taps = std::array<float, std::size_t(size) * size>;  // row by row, correlated with samples

  // Of a picture `width` samples wide that covers the profile's sensor; e = `regularization`.
  InverseFilters(const LensProfile& lens, int width, double regularization);

  // At a place relative to the axis, in half diagonals.
  Taps at(int channel, double x, double y) const;

 private:
  static constexpr int radii = 17, angles = 64;
  std::array<std::vector<Taps>, 3> table_;  // radius by radius, all around from x towards y
};

}  // namespace lichtbild
