#include "sensor/distributions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "sensor/philox.h"
#include "sensor/poisson_law.h"

namespace lichtbild {
namespace {

using testing_sensor::first_value;
using testing_sensor::last_value;
using testing_sensor::poisson_probability;

TEST(Distributions, Logarithm) {
  for (double x = 1e-10; x < 1e3; x *= 1.0137) {
    const double expected = std::log(double(float(x)));
    // Two steps of float, of the result or of the exponent's share of it.
    EXPECT_NEAR(log_of(float(x)), expected, 2.4e-7 * std::max(std::abs(expected), 0.1)) << x;
  }
}

TEST(Distributions, Exponential) {
  for (double x = 0; x < 80; x += 0.0371)
    EXPECT_NEAR(exp_of_minus(x) / std::exp(-x), 1, 1e-14) << x;
}

// Newton's step from our value to the root of the distribution function, in double: how far off it
// is. The nearer tail is taken so that nothing cancels.
double normal_error(std::uint32_t word, double w) {
  const bool upper = word >> 31;
  const double tail = ((upper ? ~word : word) + 0.5) * 0x1p-32, x = upper ? -w : w;
  const double reached = 0.5 * std::erfc(-x / std::numbers::sqrt2);
  const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  return (reached - tail) / density;
}

TEST(Distributions, NormalQuantile) {
  // PPND7's own 1e-7 and the roundings of six steps in float.
  const auto expect_near = [](std::uint32_t word) {
    const double w = normal_quantile(word);
    EXPECT_LE(std::abs(normal_error(word, w)), 4e-7 * std::abs(w)) << word;
  };
  for (std::uint64_t word = 0; word < 0x1p32; word += 99991) expect_near(std::uint32_t(word));
  for (const std::uint32_t word : {0u, 1u, 2u, 77u, 0x7ffffff0u, 0x80000010u, 0xfffffffeu, ~0u})
    expect_near(word);
  EXPECT_EQ(normal_quantile(12345), -normal_quantile(~12345u));
}

int poisson_quantile_small(float mean, std::uint32_t word) {
  PoissonSum sum = poisson_start(mean, word);
  for (int k = 0; poisson_step(sum, 1.0 / (k + 1)); ++k) {
  }
  return int(sum.quantile);
}

TEST(Distributions, SmallMeansAreInvertedExactly) {
  for (const float mean : {0.0f, 1e-6f, 0.1f, 1.0f, 4.7f, 13.0f, 19.99f}) {
    for (std::uint32_t i = 0; i < 5000; ++i) {
      const std::uint32_t word = i < 4 ? ~i : philox({i, 0, 0, 0}, 1, 2)[0];
      const int n = poisson_quantile_small(mean, word);
      double below = 0;
      for (int k = 0; k < n; ++k) below += poisson_probability(mean, k);
      const double point = (word + 0.5) * 0x1p-32;
      // The reference's own error: lgamma and exp of up to 70.
      EXPECT_LE(below, point + 1e-13) << mean << ' ' << word;
      EXPECT_GT(below + poisson_probability(mean, n), point - 1e-13) << mean << ' ' << word;
    }
  }
}

// The number of words whose quantile is below n: the quantile ascends with the word.
double words_below(float mean, int n) {
  std::uint64_t low = 0, high = 0x100000000;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (poisson_quantile_large(mean, normal_quantile(std::uint32_t(middle))) < n)
      low = middle + 1;
    else
      high = middle;
  }
  return double(low);
}

// Chi-square that each drawn sample adds on average, by which the law of all 2^32 words differs
// from Poisson's.
double chi_square_of_a_sample(float mean) {
  double sum = 0, before = words_below(mean, first_value(mean));
  for (int n = first_value(mean); n <= last_value(mean); ++n) {
    const double upto = words_below(mean, n + 1), expected = poisson_probability(mean, n);
    const double difference = (upto - before) * 0x1p-32 - expected;
    // A value rarer than one word in a thousand is not asked for.
    if (expected > 1000 * 0x1p-32) sum += difference * difference / expected;
    before = upto;
  }
  return sum;
}

TEST(Distributions, LargeMeansFollowThePoissonLaw) {
  EXPECT_LE(chi_square_of_a_sample(20), 1.5e-7);
  EXPECT_LE(chi_square_of_a_sample(20.37f), 1.5e-7);
  for (const float mean : {30.0f, 57.5f, 130.25f, 1000.0f, 9999.5f, 65000.0f})
    EXPECT_LE(chi_square_of_a_sample(mean), 5e-8) << mean;
}

}  // namespace
}  // namespace lichtbild
