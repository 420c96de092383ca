// trace<T> for other numbers than double: Ceres Jets and float.
#include <ceres/jet.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "optics/wide_phone_lens.h"

namespace lichtbild::optics {
namespace {

constexpr double degree = std::numbers::pi / 180;

template <class T>
Path<T> path_as(const Path<double>& path) {
  Path<T> out;
  for (const Element<double>& e : path) {
    Element<T> t;
    t.shape = shape_as<T>(e.shape, [](double v) { return T(v); });
    t.thickness = T(e.thickness);
    t.index_before = T(e.index_before);
    t.index = T(e.index);
    t.reflects = e.reflects;
    t.clear_radius_mm = e.clear_radius_mm;
    out.push_back(t);
  }
  return out;
}

// What can be varied: one number of a lens or of the ray, as a reference into either.
template <class T>
struct System {
  Path<T> path;
  Ray<T> ray;
};

struct Variable {
  const char* name;
  double step;  // of the differences: long enough that 1e-15 of rounding does not show
  int surface;
};
const Variable variables[] = {
    {"curvature", 1e-4, 5}, {"conic", 1e-2, 12},    {"r^4", 1e-4, 9},
    {"r^16", 1e-5, 3},      {"thickness", 1e-3, 6}, {"index", 1e-4, 10},
    {"start x", 1e-3, 0},   {"start y", 1e-3, 0},   {"direction m", 1e-4, 0}};
constexpr int count = int(std::size(variables));
using Jet = ceres::Jet<double, count>;

template <class T>
void vary(System<T>& s, int which, const T& by) {
  Element<T>& e = s.path[variables[which].surface];
  switch (which) {
    case 0:
      e.shape.curvature += by;
      return;
    case 1:
      e.shape.conic += by;
      return;
    case 2:
      e.shape.coefficients[1] += by;
      return;
    case 3:
      e.shape.coefficients[7] += by;
      return;
    case 4:
      e.thickness += by;
      return;
    case 5:
      e.index += by;
      s.path[variables[which].surface + 1].index_before += by;
      return;
    case 6:
      s.ray.position.x += by;
      return;
    case 7:
      s.ray.position.y += by;
      return;
    default:
      s.ray.direction.y += by;
  }
}

template <class T>
std::vector<T> outcome(const Traced<T>& end) {
  const auto& [p, d] = end.ray;
  return {p.x, p.y, d.x, d.y, d.z, end.optical_path};
}

std::vector<double> traced(const Path<double>& path, const Ray<double>& ray, int which, double by) {
  System<double> s{path, ray};
  vary(s, which, by);
  const Traced<double> end = trace(s.path, s.ray);
  EXPECT_EQ(end.status, RayStatus::ok);
  return outcome(end);
}

// Central differences of steps h and h / 2, extrapolated: the error is of the order h^4.
std::vector<double> differences(const Path<double>& path, const Ray<double>& ray, int which) {
  const double h = variables[which].step;
  const auto slope = [&](double step) {
    std::vector<double> up = traced(path, ray, which, step);
    const std::vector<double> down = traced(path, ray, which, -step);
    for (std::size_t i = 0; i < up.size(); ++i) up[i] = (up[i] - down[i]) / (2 * step);
    return up;
  };
  const std::vector<double> coarse = slope(h);
  std::vector<double> fine = slope(h / 2);
  for (std::size_t i = 0; i < fine.size(); ++i) fine[i] = (4 * fine[i] - coarse[i]) / 3;
  return fine;
}

Ray<double> slanted(double x, double y, double angle_deg) {
  return {{x, y, 0}, {0, std::sin(angle_deg * degree), std::cos(angle_deg * degree)}};
}

TEST(TraceJet, DerivativesAreThoseOfDifferences) {
  // Relative to the largest derivative of the quantity's kind; h^4 times the fifth derivative.
  constexpr double tolerance = 1e-9;
  const Path<double> path = WidePhoneLens::path();
  const Ray<double> rays[] = {slanted(0.3, 0.2, 0), slanted(0.1, -0.5, 20),
                              slanted(-0.3, -1.1, 40)};
  for (const Ray<double>& ray : rays) {
    System<Jet> s{path_as<Jet>(path), {}};
    s.ray.position = {Jet(ray.position.x), Jet(ray.position.y), Jet(ray.position.z)};
    s.ray.direction = {Jet(ray.direction.x), Jet(ray.direction.y), Jet(ray.direction.z)};
    for (int i = 0; i < count; ++i) vary(s, i, Jet(0, i));
    const Traced<Jet> end = trace(s.path, s.ray);
    ASSERT_EQ(end.status, RayStatus::ok);
    const std::vector<Jet> jets = outcome(end);
    const std::vector<double> values = outcome(trace(path, ray));
    for (std::size_t k = 0; k < jets.size(); ++k) EXPECT_NEAR(jets[k].a, values[k], 1e-12);
    for (int i = 0; i < count; ++i) {
      const std::vector<double> expected = differences(path, ray, i);
      for (std::size_t k = 0; k < jets.size(); ++k)
        EXPECT_NEAR(jets[k].v[i], expected[k], tolerance * std::max(1.0, std::abs(expected[k])))
            << variables[i].name << " of outcome " << k;
    }
  }
}

// A plane-parallel plate: y = t tan(a'), n sin(a') = sin(a).
TEST(TraceJet, PlateShiftsByItsThicknessAndIndex) {
  using J = ceres::Jet<double, 2>;
  constexpr double thickness_mm = 3, index = 1.6;
  const double angle = 35 * degree;
  Path<J> path(2);
  path[0].thickness = J(thickness_mm, 0);
  path[0].index = J(index, 1);
  path[1].index_before = J(index, 1);
  const Traced<J> end = trace(path, Ray<J>{{}, {J(0), J(std::sin(angle)), J(std::cos(angle))}});
  const double inside = std::asin(std::sin(angle) / index);
  const double c = std::cos(inside);
  EXPECT_NEAR(end.ray.position.y.a, thickness_mm * std::tan(inside), 1e-14);
  EXPECT_NEAR(end.ray.position.y.v[0], std::tan(inside), 1e-14);
  // d tan(a') / dn = -tan(a') / (n cos^2 a').
  EXPECT_NEAR(end.ray.position.y.v[1], -thickness_mm * std::tan(inside) / (index * c * c), 1e-14);
}

// The height of a paraboloid z = a r^2 above a ray that is parallel to its axis: dz/da = r^2,
// found though the surface asks for Newton's steps and its start is exact in nothing.
TEST(TraceJet, DerivativeOfTheIntersectionItself) {
  using J = ceres::Jet<double, 3>;
  Path<J> path(1);
  path[0].shape.form = Form::even;
  path[0].shape.coefficients = {J(0.1, 0)};
  const double m = 0.3, n = std::sqrt(1 - m * m);
  const Traced<J> end = trace(path, Ray<J>{{J(0), J(0.5, 1), J(-2, 2)}, {J(0), J(m), J(n)}});
  ASSERT_EQ(end.status, RayStatus::ok);
  // y = y0 + s (z - z0), z = a y^2, s = m / n.
  const double y = end.ray.position.y.a, s = m / n, below = 1 - 2 * 0.1 * s * y;
  EXPECT_NEAR(end.ray.position.y.v[0], s * y * y / below, 1e-12);
  EXPECT_NEAR(end.ray.position.y.v[1], 1 / below, 1e-12);
  EXPECT_NEAR(end.ray.position.y.v[2], -s / below, 1e-12);
}

TEST(TraceFloat, IsTraceDoubleToAHundredthOfAMicrometer) {
  constexpr double position_tolerance_mm = 1e-5, direction_tolerance = 1e-5;
  const Path<double> path = WidePhoneLens::path();
  const Path<float> rough = path_as<float>(path);
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(-1, 1);
  int passed = 0;
  for (int i = 0; i < 2000; ++i) {
    const Ray<double> ray = slanted(0.7 * unit(random), 0.7 * unit(random), 25 * unit(random));
    const auto as_float = [](const Vec3<double>& v) {
      return Vec3<float>{float(v.x), float(v.y), float(v.z)};
    };
    const Traced<double> end = trace(path, ray);
    const Traced<float> near =
        trace(rough, Ray<float>{as_float(ray.position), as_float(ray.direction)});
    if (end.status != RayStatus::ok || near.status != RayStatus::ok) continue;
    ++passed;
    EXPECT_NEAR(near.ray.position.x, end.ray.position.x, position_tolerance_mm);
    EXPECT_NEAR(near.ray.position.y, end.ray.position.y, position_tolerance_mm);
    EXPECT_NEAR(near.ray.direction.y, end.ray.direction.y, direction_tolerance);
  }
  EXPECT_GT(passed, 1000);
}

}  // namespace
}  // namespace lichtbild::optics
