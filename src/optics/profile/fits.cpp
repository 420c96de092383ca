#include "optics/profile/fits.h"

#include <Eigen/Dense>
#include <cmath>

namespace lichtbild::optics {

Fit fit_smallest_largest_error(std::span<const FitRow> rows) {
  const int count = int(rows.size()), terms = int(rows[0].basis.size());
  Eigen::MatrixXd a(count, terms);
  Eigen::VectorXd b(count), weight = Eigen::VectorXd::Constant(count, 1.0 / count);
  for (int i = 0; i < count; ++i) {
    for (int k = 0; k < terms; ++k) a(i, k) = rows[i].basis[k];
    b(i) = rows[i].value;
  }
  Fit best;
  best.largest_error = INFINITY;
  constexpr int iterations = 60;
  for (int i = 0; i < iterations; ++i) {
    const Eigen::VectorXd root = weight.cwiseSqrt();
    const Eigen::VectorXd x =
        (root.asDiagonal() * a).colPivHouseholderQr().solve(root.asDiagonal() * b);
    const Eigen::VectorXd error = (a * x - b).cwiseAbs();
    const double largest = error.maxCoeff();
    if (largest < best.largest_error) {
      best.largest_error = largest;
      best.coefficients.assign(x.data(), x.data() + terms);
    }
    weight = weight.cwiseProduct(error);
    const double sum = weight.sum();
    if (!(sum > 0)) break;  // exact
    weight /= sum;
  }
  return best;
}

}  // namespace lichtbild::optics
