#include "core/band_limited_taps.h"

#include <Eigen/Dense>
#include <cmath>

namespace lichtbild {
namespace {

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }

}  // namespace

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

}  // namespace lichtbild
