#include "optics/shape.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lichtbild::optics {
namespace {

// OpticStudio's sags of a Q-bfs surface, `surface-qbfs-zemax` of the reference values.
TEST(Shape, QbfsSagIsOpticStudios) {
  Shape shape{1 / 21.723, -4.428, QBfs{6.336, {1.614, 0.348, 0.15, 0.033, 0.03}}};
  const ShapeOf<double> s = shape_of(shape);
  const double published[][2] = {{0.75, 0.06264589454579239},
                                 {1.0, 0.1087513671806328},
                                 {1.25, 0.1648670855850376},
                                 {1.86, 0.3307314239746402}};
  for (const auto& [r, z] : published) {
    EXPECT_NEAR(sag(s, r, 0.0).z, z, 1e-9) << r;
    EXPECT_NEAR(sag(s, r * 0.6, r * 0.8).z, z, 1e-9) << r;
  }
}

// Forbes 2007, table 1: Qbfs_1 = (13 - 16 x)/sqrt(19), Qbfs_2 = sqrt(2/95) (29 - 4 x (25 - 19 x)),
// Qcon_1 = -(5 - 6 x), Qcon_2 = 15 - 14 x (3 - 2 x).
TEST(Forbes, FirstPolynomials) {
  for (const double x : {0.0, 0.2, 0.7, 1.0}) {
    using V = std::vector<double>;
    EXPECT_NEAR(q_bfs_sum(V{1}, x).value, 1, 1e-14);
    EXPECT_NEAR(q_bfs_sum(V{0, 1}, x).value, (13 - 16 * x) / std::sqrt(19), 1e-13);
    EXPECT_NEAR(q_bfs_sum(V{0, 0, 1}, x).value, std::sqrt(2.0 / 95) * (29 - 4 * x * (25 - 19 * x)),
                1e-13);
    EXPECT_NEAR(q_con_sum(V{0, 1}, x).value, -(5 - 6 * x), 1e-13);
    EXPECT_NEAR(q_con_sum(V{0, 0, 1}, x).value, 15 - 14 * x * (3 - 2 * x), 1e-13);
  }
}

// Slopes against central differences of the sag: error h^2 z''' / 6, about 1e-9 here.
TEST(Shape, SlopesAreDerivatives) {
  const Shape shapes[] = {
      {0.02, -0.7, Conic{}},
      {0.02, 0.5, EvenAsphere{{1e-3, 2e-4, -3e-5, 1e-7}}},
      {-0.05, 0, OddAsphere{{0.01, 1e-3, 2e-4, -3e-5, 1e-6}}},
      {0.03, -0.2, QBfs{4, {0.1, -0.05, 0.02, 0.01}}},
      {0.03, -0.2, QCon{4, {0.1, -0.05, 0.02, 0.01}}},
      {0.03, -0.2, Biconic{-0.01, 0.4}},
      {0.03, -0.2, Toroid{80, {1e-3, 1e-5}}},
      {0.03, -0.2, XyPolynomial{2, {{1, 0, 0.01}, {2, 1, 0.02}, {0, 3, -0.03}}}},
  };
  constexpr double h = 1e-4;
  for (const Shape& shape : shapes) {
    const ShapeOf<double> s = shape_of(shape);
    for (const double x : {-1.5, 0.4, 2.0})
      for (const double y : {-2.0, 0.3, 1.1}) {
        const Sag<double> at = sag(s, x, y);
        EXPECT_NEAR(at.dx, (sag(s, x + h, y).z - sag(s, x - h, y).z) / (2 * h), 2e-8)
            << int(s.form);
        EXPECT_NEAR(at.dy, (sag(s, x, y + h).z - sag(s, x, y - h).z) / (2 * h), 2e-8)
            << int(s.form);
      }
  }
}

// The paraxial curvature is the second derivative of the sag at the vertex.
TEST(Shape, VertexCurvatureIsTheSecondDerivative) {
  const Shape shapes[] = {
      {0.02, 0.5, EvenAsphere{{1e-3, 2e-4}}},
      {0.03, -0.2, QBfs{4, {0.1, -0.05, 0.02, 0.01}}},
      {0.03, -0.2, Biconic{-0.01, 0.4}},
      {0.03, -0.2, Toroid{80, {1e-3, 1e-5}}},
      {0.03, -0.2, XyPolynomial{2, {{2, 0, 0.02}, {0, 2, -0.03}, {2, 1, 0.1}}}},
  };
  constexpr double h = 1e-3;
  for (const Shape& shape : shapes) {
    const ShapeOf<double> s = shape_of(shape);
    const VertexCurvature c = vertex_curvature(s);
    EXPECT_NEAR(c.x, 2 * sag(s, h, 0.0).z / (h * h), 1e-6) << int(s.form);
    EXPECT_NEAR(c.y, 2 * sag(s, 0.0, h).z / (h * h), 1e-6) << int(s.form);
  }
}

// Closed forms: the sphere and the cylinder bent about the other axis.
TEST(Shape, SphereTorusAndBiconicAgree) {
  const double r = 25;
  for (const double x : {-3.0, 0.0, 4.0})
    for (const double y : {-5.0, 1.0}) {
      const double sphere = r - std::sqrt(r * r - x * x - y * y);
      EXPECT_NEAR(sag(shape_of({1 / r, 0, Conic{}}), x, y).z, sphere, 1e-14);
      EXPECT_NEAR(sag(shape_of({1 / r, 0, Toroid{r, {}}}), x, y).z, sphere, 1e-13);
      EXPECT_NEAR(sag(shape_of({1 / r, 0, Biconic{1 / r, 0}}), x, y).z, sphere, 1e-13);
    }
}

TEST(Shape, OutsideTheDomainIsSaidAndFinite) {
  const ShapeOf<double> s = shape_of({0.1, 3, EvenAsphere{{0, 1e-4}}});
  EXPECT_TRUE(sag(s, 4.9, 0.0).inside);
  const Sag<double> far = sag(s, 8.0, 0.0);  // (1 + k) c^2 r^2 = 2.56
  EXPECT_FALSE(far.inside);
  EXPECT_TRUE(std::isfinite(far.z) && std::isfinite(far.dx));
}

}  // namespace
}  // namespace lichtbild::optics
