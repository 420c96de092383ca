// The weights that interpolate between samples all frequencies up to a band with the least squared
// error: normal equations of |sum w_k exp(i w (k - place)) - 1|^2 over the band, scaled to the
// sum 1.
#pragma once

#include <array>
#include <vector>

namespace lichtbild {

// `count` (even) weights for each of `phases` + 1 fractions of a sample from 0 to 1, row by row;
// the first weighs the sample count / 2 - 1 before the one at or before the place. `band`: of the
// Nyquist frequency.
std::vector<float> band_limited_taps(double band, int count, int phases);

// The same eight weights as polynomials of q, the fraction of a sample less a half: weight k < 4 is
// even(q^2) + q odd(q^2), weight 7 - k is even(q^2) - q odd(q^2); lowest coefficients first. They
// differ from the tabulated ones by less than 1e-5.
struct EightTaps {
  struct Pair {
    std::array<float, 4> even, odd;
  };
  std::array<Pair, 4> pairs;
};
EightTaps eight_taps(double band);

}  // namespace lichtbild
