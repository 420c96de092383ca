// The weights that interpolate between samples all frequencies up to a band with the least squared
// error: normal equations of |sum w_k exp(i w (k - place)) - 1|^2 over the band, scaled to the
// sum 1.
#pragma once

#include <vector>

namespace lichtbild {

// `count` (even) weights for each of `phases` + 1 fractions of a sample from 0 to 1, row by row;
// the first weighs the sample count / 2 - 1 before the one at or before the place. `band`: of the
// Nyquist frequency.
std::vector<float> band_limited_taps(double band, int count, int phases);

}  // namespace lichtbild
