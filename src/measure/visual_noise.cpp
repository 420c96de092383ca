#include "measure/visual_noise.h"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <vector>

#include "core/color.h"
#include "core/invariant.h"

namespace lichtbild {
namespace {

using Plane = Eigen::MatrixXd;  // [y][x]
using Planes = std::array<Plane, 3>;

const Matrix3 opponent_from_xyz{{0, 1, 0, 1, -1, 0, 0, 0.4, -0.4}};

Planes times(const Matrix3& m, const Planes& in) {
  Planes out;
  for (int row = 0; row < 3; ++row)
    out[row] = m(row, 0) * in[0] + m(row, 1) * in[1] + m(row, 2) * in[2];
  return out;
}

// Without the plane that is nearest to it, which is even around the middle.
void level(Plane& plane) {
  const auto rows = plane.rows(), columns = plane.cols();
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(columns, -1, 1),
                        y = Eigen::VectorXd::LinSpaced(rows, -1, 1);
  const double slope_x = (plane * x).sum() / (double(rows) * x.squaredNorm()),
               slope_y = (plane.transpose() * y).sum() / (double(columns) * y.squaredNorm());
  plane.rowwise() -= slope_x * x.transpose();
  plane.colwise() -= slope_y * y;
}

// exp(-2 pi i j k / n)
Eigen::MatrixXcd waves(Eigen::Index n) {
  Eigen::MatrixXcd w(n, n);
  for (Eigen::Index j = 0; j < n; ++j)
    for (Eigen::Index k = 0; k < n; ++k)
      w(j, k) = std::polar(1.0, -2 * M_PI * double(j * k % n) / double(n));
  return w;
}

// Surfaces are small: a Fourier transform as two products of matrices.
Plane seen_by_an_eye(const Plane& plane, int channel, double pixels_per_degree) {
  const Eigen::MatrixXcd across = waves(plane.cols()), down = waves(plane.rows());
  Eigen::MatrixXcd spectrum = down * plane.cast<std::complex<double>>() * across;
  const auto cycles_per_pixel = [](Eigen::Index k, Eigen::Index n) {
    return double(std::min(k, n - k)) / double(n);
  };
  for (Eigen::Index v = 0; v < plane.rows(); ++v)
    for (Eigen::Index u = 0; u < plane.cols(); ++u)
      spectrum(v, u) *= contrast_sensitivity(
          channel, pixels_per_degree * std::hypot(cycles_per_pixel(u, plane.cols()),
                                                  cycles_per_pixel(v, plane.rows())));
  return (down.conjugate() * spectrum * across.conjugate()).real() / double(plane.size());
}

struct Luv {
  double l, u, v;
};

Luv luv_of(const Vector3& xyz, const Vector3& white) {
  const auto lightness = [](double y) {
    constexpr double dark = 216.0 / 24389, slope = 24389.0 / 27;
    return y > dark ? 116 * std::cbrt(y) - 16 : slope * y;
  };
  const auto place = [](const Vector3& c) {
    const double sum = c[0] + 15 * c[1] + 3 * c[2];
    return sum > 0 ? std::array{4 * c[0] / sum, 9 * c[1] / sum} : std::array{0.0, 0.0};
  };
  // Black has no chromaticity of its own: the white's.
  const auto at_white = place(white), at = xyz[1] > 0 ? place(xyz) : at_white;
  const double l = lightness(std::max(xyz[1] / white[1], 0.0));
  return {l, 13 * l * (at[0] - at_white[0]), 13 * l * (at[1] - at_white[1])};
}

double deviation(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += std::pow(v - sum / double(values.size()), 2);
  return std::sqrt(squares / double(values.size()));
}

}  // namespace

double contrast_sensitivity(int channel, double f) {
  if (channel == 0) {
    constexpr double b = 0.2, c = 0.8, peak = c / b;
    return f <= peak ? 1 : std::pow(f / peak, c) * std::exp(-b * (f - peak));
  }
  struct Parts {
    double a1, b1, c1, a2, b2, c2;
  };
  const Parts p = channel == 1 ? Parts{109.1413, 0.00038, 3.4244, 93.5971, 0.00367, 2.1677}
                               : Parts{7.0328, 0.000004, 4.2582, 40.6910, 0.1039, 1.6487};
  return (p.a1 * std::exp(-p.b1 * std::pow(f, p.c1)) + p.a2 * std::exp(-p.b2 * std::pow(f, p.c2))) /
         (p.a1 + p.a2);
}

VisualNoise visual_noise(const Image<float>& surface, double pixels_per_degree) {
  constexpr int least_side = 8;
  invariant(surface.planes() == 3 && surface.width() >= least_side &&
            surface.height() >= least_side && pixels_per_degree > 0);
  Planes xyz;
  for (int c = 0; c < 3; ++c) {
    xyz[c].resize(surface.height(), surface.width());
    for (int y = 0; y < surface.height(); ++y)
      for (int x = 0; x < surface.width(); ++x) xyz[c](y, x) = double(surface(x, y, c));
    level(xyz[c]);
  }
  constexpr Chromaticity equal_energy{1.0 / 3, 1.0 / 3};
  const Matrix3 opponent = opponent_from_xyz * adapt(white_d65, equal_energy);
  Planes channels = times(opponent, xyz);
  for (int c = 0; c < 3; ++c) channels[c] = seen_by_an_eye(channels[c], c, pixels_per_degree);
  xyz = times(opponent.inverse(), channels);

  const Vector3 white = xyz_from_chromaticity(white_d65);
  std::vector<double> l, u, v;
  for (Eigen::Index i = 0; i < xyz[0].size(); ++i) {
    const Luv luv = luv_of({xyz[0](i), xyz[1](i), xyz[2](i)}, white);
    l.push_back(luv.l), u.push_back(luv.u), v.push_back(luv.v);
  }
  return {deviation(l), deviation(u), deviation(v)};
}

}  // namespace lichtbild
