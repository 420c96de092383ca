#include "core/delta_e.h"

#include <cmath>
#include <numbers>

namespace lichtbild {
namespace {

constexpr double turn = 2 * std::numbers::pi, degree = turn / 360;

double lab_curve(double ratio) {
  constexpr double edge = 6.0 / 29;
  return ratio > edge * edge * edge ? std::cbrt(ratio) : ratio / (3 * edge * edge) + 4.0 / 29;
}

double seventh_share(double chroma) {
  const double c7 = std::pow(chroma, 7);
  return std::sqrt(c7 / (c7 + std::pow(25.0, 7)));
}

// Lightness, chroma and hue with the a axis stretched where grays are.
struct Lch {
  double l, c, h;
};
Lch stretched(const Lab& color, double stretch) {
  const double a = color.a * stretch;
  const double h = a == 0 && color.b == 0 ? 0 : std::atan2(color.b, a);
  return {color.l, std::hypot(a, color.b), h < 0 ? h + turn : h};
}

// Hue from one to the other by the shorter way, and the hue halfway; a gray has no hue of its own.
struct Hues {
  double difference, mean;
};
Hues hues(const Lch& one, const Lch& other) {
  if (one.c * other.c == 0) return {0, one.h + other.h};
  const double difference = other.h - one.h, sum = one.h + other.h, half = turn / 2;
  if (std::abs(difference) <= half) return {difference, sum / 2};
  return {difference > 0 ? difference - turn : difference + turn,
          sum < turn ? (sum + turn) / 2 : (sum - turn) / 2};
}

}  // namespace

Lab lab_from_xyz(const Vector3& xyz, const Vector3& white_xyz) {
  const double x = lab_curve(xyz[0] / white_xyz[0]), y = lab_curve(xyz[1] / white_xyz[1]),
               z = lab_curve(xyz[2] / white_xyz[2]);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double delta_e_2000(const Lab& one, const Lab& other) {
  const double mean_chroma = (std::hypot(one.a, one.b) + std::hypot(other.a, other.b)) / 2;
  const double stretch = 1.5 - seventh_share(mean_chroma) / 2;
  const Lch p = stretched(one, stretch), q = stretched(other, stretch);
  const Hues hue = hues(p, q);

  // The names of the paper, equations 14 to 22.
  const double c = (p.c + q.c) / 2, h = hue.mean, l = (p.l + q.l) / 2 - 50;
  const double t = 1 - 0.17 * std::cos(h - 30 * degree) + 0.24 * std::cos(2 * h) +
                   0.32 * std::cos(3 * h + 6 * degree) - 0.20 * std::cos(4 * h - 63 * degree);
  const double s_l = 1 + 0.015 * l * l / std::sqrt(20 + l * l), s_c = 1 + 0.045 * c,
               s_h = 1 + 0.015 * c * t;
  const double blueness = (h / degree - 275) / 25;
  const double rotation =
      -2 * seventh_share(c) * std::sin(60 * degree * std::exp(-blueness * blueness));

  const double d_l = (q.l - p.l) / s_l, d_c = (q.c - p.c) / s_c,
               d_h = 2 * std::sqrt(p.c * q.c) * std::sin(hue.difference / 2) / s_h;
  return std::sqrt(d_l * d_l + d_c * d_c + d_h * d_h + rotation * d_c * d_h);
}

}  // namespace lichtbild
