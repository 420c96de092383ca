// Edges of known transfer: a Gaussian's integral over pixel squares, in closed form.
#include "measure/edge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lichtbild {
namespace {

constexpr double dark = 0.1, light = 0.4;

// The mean over a pixel of a step blurred by a Gaussian, turned by an angle: the square's
// projection on the normal is a trapezoid, summed at many points.
Image<float> slanted(int size, double normal_deg, double deviation_px, double offset_px = 0.3) {
  Image<float> picture(size, size);
  const double c = std::cos(normal_deg * M_PI / 180), s = std::sin(normal_deg * M_PI / 180);
  constexpr int fine = 8;
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      double sum = 0;
      for (int j = 0; j < fine; ++j)
        for (int i = 0; i < fine; ++i) {
          const double u = x + (i + 0.5) / fine - 0.5 - (size - 1) / 2.0,
                       v = y + (j + 0.5) / fine - 0.5 - (size - 1) / 2.0;
          sum += 0.5 + 0.5 * std::erf((c * u + s * v - offset_px) / deviation_px / M_SQRT2);
        }
      picture(x, y) = float(dark + (light - dark) * sum / (fine * fine));
    }
  return picture;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }
double expected(double f, double normal_deg, double deviation_px) {
  const double a = normal_deg * M_PI / 180;
  return std::exp(-2 * std::pow(M_PI * deviation_px * f, 2)) * sinc(f * std::cos(a)) *
         sinc(f * std::sin(a));
}

class Edge : public testing::TestWithParam<double> {};

TEST_P(Edge, TransferIsThatOfTheBlurTimesThePixel) {
  const double angle = GetParam(), deviation = 0.6;
  const Image<float> picture = slanted(120, angle, deviation);
  // A first guess that is off by two degrees and one pixel.
  const auto found = edge_response({&picture}, {60.5, 59, angle + 2, 40, 20});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->region.normal_deg, angle, 0.02);
  for (int k = 0; k <= 50; k += 5)
    EXPECT_NEAR(found->mtf[k], expected(k / 100.0, angle, deviation), 0.01) << k / 100.0;
  EXPECT_NEAR(found->step, light - dark, 0.002);
  EXPECT_LT(found->overshoot, 0.005);
}
INSTANTIATE_TEST_SUITE_P(Angles, Edge, testing::Values(5.0, 85.0, -7.0, 175.0, 20.0, 50.0, 263.0));

TEST(EdgeOfAMosaic, OneColorsSamplesSuffice) {
  const Image<float> picture = slanted(200, 6, 0.8);
  for (const CfaColor color : {CfaColor::red, CfaColor::green, CfaColor::blue}) {
    const auto found = edge_response({&picture, 0, Cfa{}, color}, {99, 99, 5, 80, 20});
    ASSERT_TRUE(found);
    for (int k = 0; k <= 50; k += 10)
      EXPECT_NEAR(found->mtf[k], expected(k / 100.0, 6, 0.8), 0.015) << int(color) << " " << k;
  }
}

TEST(EdgeResponse, NoiseOfAPercentCostsLittle) {
  Image<float> picture = slanted(160, 5, 0.6);
  std::mt19937 random(7);
  std::normal_distribution<float> noise(0, 0.003f);
  for (float& v : picture.samples()) v += noise(random);
  const auto found = edge_response({&picture}, {80, 80, 3, 60, 20});
  ASSERT_TRUE(found);
  for (int k = 5; k <= 50; k += 5)
    EXPECT_NEAR(found->mtf[k], expected(k / 100.0, 5, 0.6), 0.04) << k;
}

TEST(EdgeResponse, FlatPicturesHaveNoEdge) {
  Image<float> picture(80, 80);
  picture.fill(0.3f);
  EXPECT_FALSE(edge_response({&picture}, {40, 40, 0, 30, 15}));
  EXPECT_FALSE(edge_in({&picture}, {0, 0, 80, 80}));
}

TEST(EdgeIn, TheCropsEdgeIsFoundByItsGradients) {
  const Image<float> picture = slanted(120, 95, 0.7);
  const auto region = edge_in({&picture}, {10, 15, 90, 80});
  ASSERT_TRUE(region);
  EXPECT_NEAR(region->normal_deg, 95, 1);
  const auto found = edge_response({&picture}, *region);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->mtf[25], expected(0.25, 95, 0.7), 0.01);
}

TEST(FindEdges, EverySquareGivesItsFourEdges) {
  Image<float> picture(900, 700);
  picture.fill(0.6f);
  const auto square = [&](double at_x, double at_y, double side, double angle_deg) {
    const double c = std::cos(angle_deg * M_PI / 180), s = std::sin(angle_deg * M_PI / 180);
    for (int y = 0; y < 700; ++y)
      for (int x = 0; x < 900; ++x) {
        const double u = c * (x - at_x) + s * (y - at_y), v = c * (y - at_y) - s * (x - at_x);
        if (std::max(std::abs(u), std::abs(v)) < side / 2) picture(x, y) = 0.15f;
      }
  };
  square(200, 150, 80, 5), square(650, 500, 100, 37), square(450, 330, 60, 80);
  // The corners are darker.
  for (int y = 0; y < 700; ++y)
    for (int x = 0; x < 900; ++x)
      picture(x, y) *= float(1 - 0.7 * (std::pow(x - 450, 2) + std::pow(y - 350, 2)) / 325000);
  const auto edges = find_edges(picture);
  ASSERT_EQ(edges.size(), 12u);
  for (const EdgeRegion& edge : edges) {
    double nearest = INFINITY;
    for (const auto& [x, y, side] :
         {std::tuple{200.0, 150.0, 80.0}, {650.0, 500.0, 100.0}, {450.0, 330.0, 60.0}})
      nearest = std::min(nearest, std::abs(std::hypot(edge.x - x, edge.y - y) - side / 2));
    EXPECT_LT(nearest, 2);
    EXPECT_TRUE(edge_response({&picture}, edge));
  }
}

TEST(Orientation, EdgesAcrossTheRadiusMeasureAlongIt) {
  EdgeRegion right{800, 299.5, 3, 20, 10};
  EXPECT_EQ(orientation_of(right, 1000, 600), 'T');
  right.normal_deg = 95;
  EXPECT_EQ(orientation_of(right, 1000, 600), 'S');
  right.normal_deg = 45;
  EXPECT_EQ(orientation_of(right, 1000, 600), ' ');
}

}  // namespace
}  // namespace lichtbild
