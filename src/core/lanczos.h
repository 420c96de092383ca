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
  // Tap i lies at (a - fraction) pi, a = i - 2: the sines of all follow from those of the fraction.
  constexpr double h = 0.86602540378443864676;  // sin(pi / 3)
  constexpr double sin_a[] = {-h, -h, 0, h, h, 0},
                   cos_a[] = {-0.5, 0.5, 1, 0.5, -0.5, -1};  // of a pi / 3
  const double whole = std::sin(M_PI * fraction), third = std::sin(M_PI / lobes * fraction),
               third_cos = std::cos(M_PI / lobes * fraction);
  std::array<double, lanczos_support> w{};
  double sum = 0;
  for (int i = 0; i < lanczos_support; ++i) {
    const double t = (i - lobes + 1 - fraction) * M_PI;
    const double sin_t = i % 2 == 0 ? -whole : whole,
                 sin_t_third = sin_a[i] * third_cos - cos_a[i] * third;
    w[i] = std::abs(t) < 1e-6            ? 1
           : std::abs(t) >= lobes * M_PI ? 0
                                         : lobes * sin_t * sin_t_third / (t * t);
    sum += w[i];
  }
  std::array<float, lanczos_support> taps{};
  for (int i = 0; i < lanczos_support; ++i) taps[i] = float(w[i] / sum);
  return taps;
}

}  // namespace lichtbild
