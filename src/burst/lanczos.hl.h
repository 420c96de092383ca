// lanczos_taps: the six weights of a Lanczos-3 resampling at a fraction of a sample, normalized to
// the sum 1.
//
// Tap i weighs the sample i - 2 from the one at or before the place; the fraction runs from 0 to 1.
// The windowed sinc keeps detail up to three quarters of the Nyquist frequency, where a cubic has
// lost half. (Turkowski 1990)
#pragma once

#include <Halide.h>

#include <vector>

inline constexpr int lanczos_support = 6;

inline void lanczos_taps(Halide::Func taps, Halide::Var k, const std::vector<Halide::Var>& at,
                         Halide::Expr fraction) {
  using namespace Halide;
  const float pi = 3.14159265358979f;
  std::vector<Var> arguments = {k};
  arguments.insert(arguments.end(), at.begin(), at.end());
  Func raw(taps.name() + "_raw");
  Expr t = (cast<float>(k - (lanczos_support / 2 - 1)) - fraction) * pi;
  raw(arguments) =
      select(abs(t) < 1e-4f, 1.0f, abs(t) >= 3 * pi, 0.0f, 3.0f * sin(t) * sin(t / 3.0f) / (t * t));
  Expr sum = 0.0f;
  std::vector<Expr> first(arguments.begin(), arguments.end());
  for (int i = 0; i < lanczos_support; ++i) {
    first[0] = i;
    sum += raw(first);
  }
  taps(arguments) = raw(arguments) / sum;
}
