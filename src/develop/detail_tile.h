// DetailTile: one tile of the deconvolution: what the inverse filters add, as far as it is more
// than noise and does not overshoot.
//
// d = taps * picture, per color. q = d^2 / n, mean over the colors and smoothed over 5 x 5 samples,
// n the noise's variance in d: the share (q - margin) / (q - margin + 1) of d is added. The sum is
// held between the least and the most of the 5 x 5 samples around, so that edges do not overshoot;
// a sample that stands out itself, of a line or a point, may do so a quarter more.
#pragma once

#include <array>

#include "develop/inverse_filter.h"

namespace lichtbild {

struct DetailTile {
  static constexpr int size = 60;  // samples a side that come out
  static constexpr int rim = 2, detail_size = size + 2 * rim;
  static constexpr int in_size = detail_size + 2 * inverse_reach, in_stride = 80;

  struct Color {
    InverseTaps taps;
    float noise_scale = 0, noise_offset = 0;  // variance in d of a sample v: scale v + offset
    alignas(64) std::array<float, in_size * in_stride> in;
    alignas(64) std::array<float, detail_size * detail_size> detail;
    alignas(64) std::array<float, size * detail_size> out;  // the first `size` columns count
  };
  std::array<Color, 3> color;
  alignas(64) std::array<float, detail_size * detail_size> energy;

  // From in, taps and noise to out.
  void restore();
};

}  // namespace lichtbild
