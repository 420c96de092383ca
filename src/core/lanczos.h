// The six weights of a Lanczos-3 resampling at a fraction of a sample, normalized to the sum 1.
//
// Tap i weighs the sample i - 2 from the one at or before the place; the fraction runs from 0 to 1.
// The windowed sinc keeps detail up to three quarters of the Nyquist frequency, where a cubic has
// lost half. (Turkowski 1990)
#pragma once

#include <array>
#include <cmath>

namespace lichtbild {

inline constexpr int lanczos_support = 6;

inline std::array<float, lanczos_support> lanczos_taps(double fraction) {
  constexpr int lobes = lanczos_support / 2;
  std::array<double, lanczos_support> w{};
  double sum = 0;
  for (int i = 0; i < lanczos_support; ++i) {
    const double t = (i - lobes + 1 - fraction) * M_PI;
    w[i] = std::abs(t) < 1e-6            ? 1
           : std::abs(t) >= lobes * M_PI ? 0
                                         : lobes * std::sin(t) * std::sin(t / lobes) / (t * t);
    sum += w[i];
  }
  std::array<float, lanczos_support> taps{};
  for (int i = 0; i < lanczos_support; ++i) taps[i] = float(w[i] / sum);
  return taps;
}

}  // namespace lichtbild
