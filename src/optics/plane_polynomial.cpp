#include "optics/plane_polynomial.h"

#include <Eigen/Dense>

namespace lichtbild::optics {
namespace {

constexpr int degree = PlanePolynomial::degree, terms = PlanePolynomial::terms;

// x^i y^j by rising i + j.
std::array<double, terms> monomials(PlanePoint p) {
  double px[degree + 1] = {1}, py[degree + 1] = {1};
  for (int i = 1; i <= degree; ++i) {
    px[i] = px[i - 1] * p.x;
    py[i] = py[i - 1] * p.y;
  }
  std::array<double, terms> out;
  auto next = out.begin();
  for (int order = 0; order <= degree; ++order)
    for (int j = 0; j <= order; ++j) *next++ = px[order - j] * py[j];
  return out;
}

}  // namespace

PlanePolynomial::PlanePolynomial(const std::vector<PlanePoint>& from,
                                 const std::vector<PlanePoint>& to) {
  Eigen::MatrixXd a(from.size(), terms), b(from.size(), 2);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto row = monomials(from[i]);
    for (int k = 0; k < terms; ++k) a(i, k) = row[k];
    b(i, 0) = to[i].x;
    b(i, 1) = to[i].y;
  }
  const Eigen::MatrixXd fit = a.householderQr().solve(b);
  for (int k = 0; k < terms; ++k) coefficients_[k] = {fit(k, 0), fit(k, 1)};
  largest_error_ = (a * fit - b).rowwise().norm().maxCoeff();
}

PlanePoint PlanePolynomial::operator()(PlanePoint p) const {
  const auto row = monomials(p);
  PlanePoint sum;
  for (int k = 0; k < terms; ++k) {
    sum.x += row[k] * coefficients_[k].x;
    sum.y += row[k] * coefficients_[k].y;
  }
  return sum;
}

}  // namespace lichtbild::optics
