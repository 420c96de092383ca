#include "core/band_limited_taps.h"

#include <Eigen/Dense>
#include <cmath>

#include "core/sinc.h"

namespace lichtbild {

std::vector<float> band_limited_taps(double band, int count, int phases) {
  const int first = 1 - count / 2;
  Eigen::MatrixXd normal(count, count);
  for (int k = 0; k < count; ++k)
    for (int l = 0; l < count; ++l) normal(k, l) = sinc(band * (k - l));
  const auto solver = normal.ldlt();
  std::vector<float> table;
  for (int p = 0; p <= phases; ++p) {
    Eigen::VectorXd right(count);
    for (int k = 0; k < count; ++k) right[k] = sinc(band * (first + k - double(p) / phases));
    const Eigen::VectorXd taps = solver.solve(right);
    const Eigen::VectorXd scaled = taps / taps.sum();
    table.insert(table.end(), scaled.begin(), scaled.end());
  }
  return table;
}

EightTaps eight_taps(double band) {
  constexpr int count = 8, phases = 64, degrees = 4;
  const std::vector<float> table = band_limited_taps(band, count, phases);
  Eigen::MatrixXd powers(phases + 1, 2 * degrees), weights(phases + 1, count / 2);
  for (int p = 0; p <= phases; ++p) {
    const double q = double(p) / phases - 0.5;
    for (int d = 0; d < degrees; ++d) {
      powers(p, d) = std::pow(q, 2 * d);
      powers(p, degrees + d) = std::pow(q, 2 * d + 1);
    }
    for (int k = 0; k < count / 2; ++k) weights(p, k) = table[std::size_t(p) * count + k];
  }
  const Eigen::MatrixXd fit = powers.colPivHouseholderQr().solve(weights);
  EightTaps out;
  for (int k = 0; k < count / 2; ++k)
    for (int d = 0; d < degrees; ++d) {
      out.pairs[k].even[d] = float(fit(d, k));
      out.pairs[k].odd[d] = float(fit(degrees + d, k));
    }
  return out;
}

}  // namespace lichtbild
