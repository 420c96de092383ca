// InverseFilter: the taps that give a picture back what the lens's blur took at a place of the
// field, for one channel.
//
// Wiener's filter W = H* (1 + e) / (|H|^2 + e), H the transfer function of the lens there times
// sinc(|f|) for the pixel, whose square is taken for as round as a disk; held at |W| >= 1, for
// noise has been reduced already, and at most 1 / (2 sqrt(e)); less 1: taps of what is to be added,
// which sum to 0. Detail beyond the circle of the Nyquist frequency is not touched.
#pragma once

#include <array>
#include <vector>

#include "core/lens_profile.h"

namespace lichtbild {

inline constexpr int inverse_reach = 6, inverse_size = 2 * inverse_reach + 1;

using InverseTaps = std::array<float, inverse_size * inverse_size>;  // row by row, a correlation

class InverseFilter {
 public:
  // `noise_to_signal` is e, the noise's power over that of the detail.
  InverseFilter(const PsfField& psf, int channel, double noise_to_signal);

  // At a place (x, y) from the axis in half diagonals.
  InverseTaps at(double x, double y) const;

 private:
  static constexpr int steps = 4;                                   // to a pixel
  static constexpr int table_radius = steps * (inverse_reach + 3),  // the taps' corners turned
      table_size = 2 * table_radius + 1;

  std::vector<double> radius_;
  std::vector<std::vector<float>> table_;  // the filter in the frame (s, t) of its kernels
};

}  // namespace lichtbild
