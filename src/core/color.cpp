#include "core/color.h"

#include <algorithm>
#include <cmath>

namespace lichtbild {

Vector3 xyz_from_chromaticity(Chromaticity c) { return {c.x / c.y, 1, (1 - c.x - c.y) / c.y}; }

Chromaticity chromaticity_from_xyz(const Vector3& xyz) {
  const double sum = xyz[0] + xyz[1] + xyz[2];
  return {xyz[0] / sum, xyz[1] / sum};
}

Matrix3 xyz_from_rgb(Chromaticity red, Chromaticity green, Chromaticity blue, Chromaticity white) {
  Matrix3 primaries;
  const Chromaticity columns[] = {red, green, blue};
  for (int j = 0; j < 3; ++j) {
    const Vector3 xyz = xyz_from_chromaticity(columns[j]);
    for (int i = 0; i < 3; ++i) primaries(i, j) = xyz[i];
  }
  return primaries * Matrix3::diagonal(primaries.inverse() * xyz_from_chromaticity(white));
}

Matrix3 xyz_from_rec2020() {
  return xyz_from_rgb({0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, white_d65);
}

Matrix3 xyz_from_linear(ColorSpace space) {
  if (space == ColorSpace::display_p3)
    return xyz_from_rgb({0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, white_d65);
  return xyz_from_rgb({0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, white_d65);
}

Matrix3 adapt(Chromaticity from, Chromaticity to) {
  const Matrix3 bradford{
      {0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296}};
  const Vector3 a = bradford * xyz_from_chromaticity(from),
                b = bradford * xyz_from_chromaticity(to);
  return bradford.inverse() * Matrix3::diagonal({b[0] / a[0], b[1] / a[1], b[2] / a[2]}) * bradford;
}

namespace {

struct Uv {
  double u, v;
};

Uv uv_from_chromaticity(Chromaticity c) {
  const double d = -2 * c.x + 12 * c.y + 3;
  return {4 * c.x / d, 6 * c.y / d};
}

Chromaticity chromaticity_from_uv(Uv c) {
  const double d = 2 * c.u - 8 * c.v + 4;
  return {3 * c.u / d, 2 * c.v / d};
}

// Krystek 1985, rational approximation of the Planckian locus in CIE 1960 uv; 1000 K to 15000 K,
// and smooth beyond.
Uv planckian(double t) {
  return {(0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) /
              (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t),
          (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) /
              (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)};
}

// Unit normal of the locus at temperature t, pointing to green (larger v).
Uv normal(double t) {
  const Uv a = planckian(t * 0.999), b = planckian(t * 1.001);
  const double du = b.u - a.u, dv = b.v - a.v, length = std::hypot(du, dv);
  return {-dv / length * (du < 0 ? -1 : 1), du / length * (du < 0 ? -1 : 1)};
}

constexpr double tint_scale = -3000;

}  // namespace

Chromaticity chromaticity_from_temperature(Temperature t) {
  const double kelvin = std::clamp(t.kelvin, 1500.0, 50000.0);
  const Uv locus = planckian(kelvin), n = normal(kelvin);
  const double distance = t.tint / tint_scale;
  return chromaticity_from_uv({locus.u + n.u * distance, locus.v + n.v * distance});
}

Temperature temperature_from_chromaticity(Chromaticity c) {
  const Uv target = uv_from_chromaticity(c);
  // The nearest point of the locus, by golden-section search over mired, in which the locus is
  // evenly spaced.
  const auto distance = [&](double mired) {
    const Uv p = planckian(1e6 / mired);
    return std::hypot(target.u - p.u, target.v - p.v);
  };
  double low = 1e6 / 50000, high = 1e6 / 1500;
  const double golden = (std::sqrt(5.0) - 1) / 2;
  for (int i = 0; i < 60; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (distance(a) < distance(b) ? high : low) = distance(a) < distance(b) ? b : a;
  }
  const double kelvin = 1e6 / ((low + high) / 2);
  const Uv locus = planckian(kelvin), n = normal(kelvin);
  return {kelvin, ((target.u - locus.u) * n.u + (target.v - locus.v) * n.v) * tint_scale};
}

}  // namespace lichtbild
