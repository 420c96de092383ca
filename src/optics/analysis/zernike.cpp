#include "optics/analysis/zernike.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <cstdlib>

namespace lichtbild::optics {
namespace {

double radial(int n, int m, double r) {
  double sum = 0;
  for (int s = 0; s <= (n - m) / 2; ++s) {
    const double c =
        std::tgamma(n - s + 1) /
        (std::tgamma(s + 1) * std::tgamma((n + m) / 2 - s + 1) * std::tgamma((n - m) / 2 - s + 1));
    sum += (s % 2 ? -c : c) * std::pow(r, n - 2 * s);
  }
  return sum;
}

}  // namespace

ZernikeIndex noll(int j) {
  int n = 0;
  while ((n + 1) * (n + 2) / 2 < j) ++n;
  const int k = j - n * (n + 1) / 2;  // 1 ... n + 1 within the radial order
  const int m = n % 2 == 0 ? 2 * (k / 2) : 2 * ((k - 1) / 2) + 1;
  const double scale = m == 0 ? std::sqrt(n + 1.0) : std::sqrt(2.0 * (n + 1));
  // Even j: cosine.
  return {n, j % 2 == 0 || m == 0 ? m : -m, scale};
}

ZernikeIndex fringe(int j) {
  // Blocks of constant (n + m) / 2 = b hold (b + 1)^2 - b^2 terms, m descending; the 37th is the
  // spherical term of the next block.
  if (j == 37) return {12, 0, 1};
  int b = 0;
  while ((b + 1) * (b + 1) < j) ++b;
  const int k = j - b * b - 1;  // 0 ... 2 b
  const int m = b - k / 2;
  return {2 * b - m, k % 2 == 0 ? m : -m, 1};
}

std::string zernike_name(const ZernikeIndex& z) {
  static constexpr std::array kinds = {"spherical", "coma",      "astigmatism", "trefoil",
                                       "tetrafoil", "pentafoil", "hexafoil",    "heptafoil"};
  static constexpr std::array ranks = {"", "secondary ", "tertiary ", "quaternary ", "quinary "};
  const int m = std::abs(z.m), rank = (z.n - m) / 2 - (m < 2 ? 2 - m : 0);
  if (z.n == 0) return "piston";
  if (z.n == 1) return z.m > 0 ? "tilt x" : "tilt y";
  if (z.n == 2 && m == 0) return "defocus";
  if (m >= int(kinds.size()) || rank >= int(ranks.size()))
    return fmt::format("n {} m {}", z.n, z.m);
  std::string name = std::string(ranks[rank]) + kinds[m];
  if (m == 0) return name;
  if (m == 1) return name + (z.m > 0 ? " x" : " y");
  return fmt::format("{} {:g} deg", name, z.m > 0 ? 0.0 : 90.0 / m);
}

double zernike(const ZernikeIndex& z, PupilPoint p) {
  const double r = std::hypot(p.x, p.y), angle = std::atan2(p.y, p.x);
  const double turn = z.m >= 0 ? std::cos(z.m * angle) : std::sin(-z.m * angle);
  return z.scale * radial(z.n, std::abs(z.m), r) * turn;
}

std::vector<double> fit_zernike(ZernikeOrder order, int terms,
                                const std::vector<PupilPoint>& points,
                                const std::vector<double>& weights,
                                const std::vector<double>& values) {
  if (int(points.size()) < terms) return {};
  Eigen::MatrixXd a(points.size(), terms);
  Eigen::VectorXd b(points.size());
  for (int k = 0; k < terms; ++k) {
    const ZernikeIndex index = order == ZernikeOrder::standard ? noll(k + 1) : fringe(k + 1);
    for (std::size_t i = 0; i < points.size(); ++i)
      a(i, k) = std::sqrt(weights[i]) * zernike(index, points[i]);
  }
  for (std::size_t i = 0; i < points.size(); ++i) b(i) = std::sqrt(weights[i]) * values[i];
  const Eigen::VectorXd fit = a.colPivHouseholderQr().solve(b);
  return {fit.data(), fit.data() + terms};
}

}  // namespace lichtbild::optics
