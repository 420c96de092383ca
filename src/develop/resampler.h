// Resampler: values of a picture between its samples, held within the range of the four samples
// around the place: edges do not ring, and against the truth of simulated photographs this is
// nearer than some slack.
//
// Eight weights a direction, the best for frequencies up to 0.75 of the Nyquist frequency: halfway
// between two samples 0.86 of the contrast at 0.4 cycles per sample stays, where Lanczos-3 keeps
// 0.65; below 0.35 the error is at most 3 %.
//
// Where places follow each other as in a straightened row, first every column of samples gives its
// value on the curve through the places, then the curve's samples give the values between them.
// That the curve is slanted by a few percent, and frequencies along it so much higher, does not
// count.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/band_limited_taps.h"
#include "core/half.h"

namespace lichtbild {

struct RecordedPlanes {
  std::array<const Half*, 3> first;
  int stride, width, height;
};

class Resampler {
 public:
  Resampler();

  // out[c][i] = the value of plane c at (at_x[i], at_y[i]); places beyond the border are moved to
  // it. Whole blocks only, a multiple of 64 places; between every eighth of a block they lie on a
  // straight line, evenly.
  void row(const RecordedPlanes& planes, std::span<const float> at_x, std::span<const float> at_y,
           const std::array<float*, 3>& out) const;

  static constexpr int block = 64, straight = 8;
  static constexpr int taps = 8;        // a direction
  static constexpr int phases = 256;    // fractions of a sample at which the taps are tabulated
  static constexpr double band = 0.75;  // of the Nyquist frequency

 private:
  EightTaps down_;
  std::vector<float> taps_;  // (phases + 1) x taps, across
};

}  // namespace lichtbild
