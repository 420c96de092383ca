#include "develop/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lichtbild {
namespace {

Image<float> random_picture(int width, int height) {
  Image<float> picture(width, height, 3);
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (float& v : picture.samples()) v = uniform(random);
  return picture;
}

double smooth(double x, double y) { return 0.5 + 0.3 * std::sin(0.05 * x) * std::cos(0.04 * y); }

TEST(Geometry, NoWarpReturnsThePicture) {
  for (const auto& [width, height] : {std::pair{63, 37}, {2, 3}, {130, 70}}) {
    const Image<float> picture = random_picture(width, height);
    const Image<float> straight =
        undo_warp(picture, {.planes = {{1, 0, 0, 0, 0, 0}}, .center_x = 0.4, .center_y = 0.6});
    // Places are found to 1e-13 of a sample.
    for (std::size_t k = 0; k < picture.size(); ++k)
      ASSERT_NEAR(straight.samples()[k], picture.samples()[k], 1e-6);
  }
}

TEST(Geometry, APictureOfOnePixelStays) {
  Image<float> picture(1, 1, 3);
  picture.fill(0.7f);
  const Image<float> straight = undo_warp(picture, {.planes = {{0.97, 0.02, 0, 0, 0.01, 0}}});
  for (float v : straight.samples()) EXPECT_NEAR(v, 0.7f, 1e-6);
}

TEST(Geometry, ScalingAgainstTheFunctionItself) {
  const int width = 200, height = 150;
  Image<float> picture(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) picture(x, y) = float(smooth(x, y));
  const double scale = 0.93, cx = 0.45 * (width - 1), cy = 0.55 * (height - 1);
  const Image<float> straight =
      undo_warp(picture, {.planes = {{scale, 0, 0, 0, 0, 0}}, .center_x = 0.45, .center_y = 0.55});
  // Fractions are rounded to 1/128 of a sample, slopes are below 0.015.
  constexpr double error = 1e-3;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      ASSERT_NEAR(straight(x, y), smooth(cx + scale * (x - cx), cy + scale * (y - cy)), error);
}

TEST(Geometry, PlacesFollowTheFormulaOfDng) {
  // DNG 1.4, WarpRectilinear: x' = cx + m (f dx + 2 kt0 dx dy + kt1 (r^2 + 2 dx^2)),
  // y' = cy + m (f dy + 2 kt1 dx dy + kt0 (r^2 + 2 dy^2)), f = kr0 + kr1 r^2 + kr2 r^4 + kr3 r^6.
  const RectilinearWarp warp{.planes = {{0.99, 0.02, -0.01, 0.003, 0.004, -0.006},
                                        {1.01, 0, 0, 0, 0, 0},
                                        {1, 0.1, 0, 0, 0, 0}},
                             .center_x = 0.48,
                             .center_y = 0.51};
  const int width = 641, height = 481;
  const double cx = 0.48 * 640, cy = 0.51 * 480;
  const double m = std::hypot(640 - cx, cy);  // to the farthest corner
  for (const auto& [x, y] : {std::pair{0, 0}, {640, 480}, {100, 333}, {307, 245}}) {
    const double dx = (x - cx) / m, dy = (y - cy) / m, r = std::hypot(dx, dy);
    const double f = 0.99 + 0.02 * r * r - 0.01 * std::pow(r, 4) + 0.003 * std::pow(r, 6);
    const Point p = warped(warp, 0, {double(x), double(y)}, width, height);
    EXPECT_NEAR(p.x, cx + m * (f * dx + 0.004 * 2 * dx * dy - 0.006 * (r * r + 2 * dx * dx)), 1e-9);
    EXPECT_NEAR(p.y, cy + m * (f * dy - 0.006 * 2 * dx * dy + 0.004 * (r * r + 2 * dy * dy)), 1e-9);
    const Point green = warped(warp, 1, {double(x), double(y)}, width, height);
    EXPECT_NEAR(green.x, cx + 1.01 * (x - cx), 1e-9);
  }
}

TEST(Geometry, LateralColorIsAligned) {
  const int width = 240, height = 180;
  const double scales[] = {1.004, 1, 0.995}, cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
  // A soft checker of 10 samples a field, recorded by each color at its own size.
  const double pitch = M_PI / 10;
  Image<float> picture(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        picture(x, y, c) =
            float(std::sin(pitch * (x - cx) / scales[c]) * std::sin(pitch * (y - cy) / scales[c]));
  RectilinearWarp warp;
  for (double scale : scales) warp.planes.push_back({scale, 0, 0, 0, 0, 0});
  const Image<float> straight = undo_warp(picture, warp);
  // A shift of 0.1 samples would make a difference of 0.1 times the slope, pitch.
  const double tenth_of_a_sample = 0.1 * pitch;
  double recorded = 0, left = 0;
  for (int y = 4; y < height - 4; ++y)
    for (int x = 4; x < width - 4; ++x)
      for (int c = 0; c < 3; c += 2) {
        recorded = std::max<double>(recorded, std::abs(picture(x, y, c) - picture(x, y, 1)));
        left = std::max<double>(left, std::abs(straight(x, y, c) - straight(x, y, 1)));
      }
  EXPECT_GT(recorded, 3 * tenth_of_a_sample);
  EXPECT_LT(left, tenth_of_a_sample);
}

TEST(Geometry, EdgesDoNotOvershootTheSlack) {
  Image<float> picture(80, 60);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 80; ++x) picture(x, y) = x > 40 ? 1 : 0;
  const Image<float> straight = undo_warp(picture, {.planes = {{0.9, 0.05, 0, 0, 0, 0}}});
  for (float v : straight.samples()) {
    EXPECT_GE(v, -0.25f);
    EXPECT_LE(v, 1.25f);
  }
}

}  // namespace
}  // namespace lichtbild
