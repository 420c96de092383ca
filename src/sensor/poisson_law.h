// The Poisson law by its definition, and the chi-square test: for the tests of this room.
#pragma once

#include <cmath>
#include <vector>

namespace lichtbild::testing_sensor {

inline double poisson_probability(double mean, int n) {
  return mean > 0 ? std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0)) : double(n == 0);
}

// The values that the law reaches with a probability above 1e-14.
inline int last_value(double mean) { return int(mean + 9 * std::sqrt(mean) + 25); }
inline int first_value(double mean) { return std::max(0, int(mean - 9 * std::sqrt(mean) - 5)); }

// Standard deviations by which a chi-square lies above what is expected (Wilson and Hilferty 1931).
inline double chi_square_sigmas(double chi_square, double degrees_of_freedom) {
  const double v = 2 / (9 * degrees_of_freedom);
  return (std::cbrt(chi_square / degrees_of_freedom) - (1 - v)) / std::sqrt(v);
}

// Of counts of the values first, first + 1, ...; values expected less than 10 times are pooled with
// their neighbors.
inline double chi_square_sigmas(const std::vector<long>& counts, int first, double mean) {
  double samples = 0;
  for (const long count : counts) samples += double(count);
  double chi_square = 0, expected = 0, found = 0;
  int bins = 0;
  for (int n = 0; n < first + int(counts.size()); ++n) {
    expected += samples * poisson_probability(mean, n);
    if (n >= first) found += double(counts[n - first]);
    if (expected < 10) continue;
    chi_square += (found - expected) * (found - expected) / expected;
    ++bins, expected = found = 0;
  }
  // What is left joins no bin: fewer than 10 of all the samples.
  return chi_square_sigmas(chi_square, bins - 1);
}

}  // namespace lichtbild::testing_sensor
