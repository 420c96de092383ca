// Random words become normal, exponential and Poisson values: quantiles in float, without branches
// and without the mathematical library, so that loops over them vectorize and give the same bits on
// every processor.
//
// normal_quantile: Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), routine PPND7, here
// to 4e-7 of the value; 32-bit words reach 6.3 standard deviations.
// poisson_quantile_large: the asymptotic inverse of the incomplete gamma function about the normal
// quantile w, floor(mean + w sqrt(mean) + 1/3 + w^2/6 + ...), to the order 1 / mean (Giles,
// "Algorithm 955", ACM TOMS 42 (2016), equation 7 and what follows). For means from 20 its law
// differs from the Poisson law by a chi-square of 1.4e-7 for each sample (proven in the test by the
// exact sums): more than a hundred million samples would have to be drawn to see it.
// Smaller means are inverted as they stand, by adding up probabilities: PoissonSum.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace lichtbild {

// Natural logarithm of a normal positive number, to 2 units in the last place.
[[gnu::always_inline]] inline float log_of(float x) {
  constexpr std::uint32_t sqrt_half = 0x3F3504F3;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const std::int32_t exponent = std::int32_t(bits - sqrt_half) >> 23;
  const float m = std::bit_cast<float>(bits - (std::uint32_t(exponent) << 23));
  // 2 artanh of |s| <= 0.1716 by its series.
  const float s = (m - 1) / (m + 1), s2 = s * s;
  const float series = 1 + s2 * (1 / 3.f + s2 * (1 / 5.f + s2 * (1 / 7.f + s2 * (1 / 9.f))));
  return float(exponent) * 0.693147181f + 2 * s * series;
}

// e^-x for 0 <= x < 700, to 1e-14.
[[gnu::always_inline]] inline double exp_of_minus(double x) {
  constexpr double per_halving = 1 / 0.69314718055994531, half = 0.5;
  const int halvings = int(x * per_halving + half);
  const double f = halvings * 0.69314718055994531 - x;
  double power = 1;
#pragma GCC unroll 12
  for (int n = 12; n > 0; --n) power = 1 + power * f * (1.0 / n);
  return power * std::bit_cast<double>(std::int64_t(1023 - halvings) << 52);
}

// A word as a point of the unit interval: (word + 1/2) / 2^32.
struct UnitPoint {
  float from_middle;  // -1/2 .. 1/2
  float from_end;     // distance from the nearer end, exact to the last bit of the word
};
[[gnu::always_inline]] inline UnitPoint unit_point(std::uint32_t word) {
  constexpr float word_step = 0x1p-32f;
  const std::int32_t centered = std::int32_t(word ^ 0x80000000u);
  const std::int32_t from_end = centered < 0 ? std::int32_t(word) : ~std::int32_t(word);
  return {(float(centered) + 0.5f) * word_step, (float(from_end) + 0.5f) * word_step};
}

[[gnu::always_inline]] inline float normal_quantile(std::uint32_t word) {
  const auto [q, p] = unit_point(word);
  const float r = 0.180625f - q * q;
  const float central =
      q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
      (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1);
  const float t = std::sqrt(-log_of(p)) - 1.6f;
  const float tail =
      (((0.17023821103f * t + 1.3067284816f) * t + 2.7568153900f) * t + 1.4234372777f) /
      ((0.12021132975f * t + 0.73700164250f) * t + 1);
  const float signed_tail = q < 0 ? -tail : tail;
  return r >= 0 ? central : signed_tail;
}

// Mean 1.
[[gnu::always_inline]] inline float exponential_quantile(std::uint32_t word) {
  return -log_of((float(word >> 8) + 0.5f) * 0x1p-24f);
}

inline constexpr float smallest_large_mean = 20;

// `mean` from smallest_large_mean to 1e7; `w`: a normal quantile.
[[gnu::always_inline]] inline int poisson_quantile_large(float mean, float w) {
  // Vectors come here with every mean; what becomes of smaller ones is not used, but it is a
  // number.
  mean = mean > smallest_large_mean ? mean : smallest_large_mean;
  // About the whole part of the mean, so that the fraction keeps its bits.
  const int whole = int(mean);
  const float root = std::sqrt(mean), w2 = w * w;
  const float skew = 1 / 3.f + w2 * (1 / 6.f);
  const float third = w * (-1 / 36.f - w2 * (1 / 72.f)) / root;
  const float fourth = (-8 / 405.f + w2 * (7 / 810.f + w2 * (1 / 270.f))) / mean;
  const float beyond = (mean - float(whole)) + (root * w + (skew + (third + fourth)));
  const int truncated = int(beyond), floor = truncated - (beyond < float(truncated));
  const int n = whole + floor;
  return n > 0 ? n : 0;
}

// The distribution function of a mean below smallest_large_mean, added up value after value: the
// quantile of a word is how many of its values are not above the word's point. In double: in float
// the sums end 1e-6 off 1, all of which falls on one impossible value.
struct PoissonSum {
  double mean;
  double point;        // of the word
  double probability;  // of the value that is looked at
  double sum = 0;      // of the probabilities before it
  std::int64_t quantile = 0;
};
[[gnu::always_inline]] inline PoissonSum poisson_start(float mean, std::uint32_t word) {
  return {.mean = mean, .point = (word + 0.5) * 0x1p-32, .probability = exp_of_minus(mean)};
}
// Looks at one value more, `k`; false where the quantile is found.
[[gnu::always_inline]] inline bool poisson_step(PoissonSum& s, double reciprocal_of_next_k) {
  s.sum += s.probability;
  s.probability *= s.mean * reciprocal_of_next_k;
  const bool is_larger = s.point >= s.sum;
  s.quantile += is_larger;
  return is_larger;
}

}  // namespace lichtbild
