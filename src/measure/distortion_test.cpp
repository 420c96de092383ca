#include "measure/distortion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.h"

namespace lichtbild {
namespace {

constexpr int width = 900, height = 700;
constexpr double pitch = 60, line = 5;

// The grid through a lens of r' = r (1 + k r^2), r relative to 500 pixels, and a magnification per
// channel: drawn backwards, 5 x 5 points a pixel, by Newton's method.
Image<float> drawn(double k, const std::array<double, 3>& magnification, double turn_deg) {
  Image<float> picture(width, height, 3);
  const double c = std::cos(turn_deg * M_PI / 180), s = std::sin(turn_deg * M_PI / 180);
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        double dark = 0;
        for (int i = 0; i < 25; ++i) {
          const double px = (x + (i % 5 - 2) / 5.0 - (width - 1) / 2.0) / magnification[plane],
                       py = (y + (double(i / 5) - 2) / 5.0 - (height - 1) / 2.0) /
                            magnification[plane];
          const double real = std::hypot(px, py) / 500;
          double ideal = real;
          for (int pass = 0; k != 0 && pass < 4; ++pass)
            ideal -= (ideal * (1 + k * ideal * ideal) - real) / (1 + 3 * k * ideal * ideal);
          const double share = real > 0 ? ideal / real : 1;
          const double u = share * (c * px + s * py), v = share * (c * py - s * px);
          const auto on_line = [](double at) {
            return std::abs(at - pitch * std::round(at / pitch)) < line / 2;
          };
          dark += on_line(u) || on_line(v);
        }
        picture(x, y, plane) = float(0.9 - 0.85 * dark / 25);
      }
  return picture;
}

// 5 points a pixel leave line borders uncertain by a tenth of a pixel and lines by less.
constexpr double tolerance_px = 0.03;

TEST(GridDistortion, AGridIsAGrid) {
  const Image<float> picture = drawn(0, {1, 1, 1}, 2);
  const GridDistortion found = grid_distortion(picture, channels_of(picture), "drawn");
  EXPECT_GT(found.crossings.size(), 100u);
  EXPECT_LT(found.from_grid.rms_px, tolerance_px);
  EXPECT_LT(found.from_grid.max_px, 3 * tolerance_px);
  EXPECT_EQ(found.red_from_green.max_px, 0);
}

TEST(GridDistortion, BarrelAsItWasDrawn) {
  constexpr double k = -0.03;
  const Image<float> picture = drawn(k, {1, 1, 1}, 0);
  const GridDistortion found = grid_distortion(picture, channels_of(picture), "drawn");
  // Where the crossings must be, and what a homography leaves of that.
  std::vector<Point> grid, truth;
  for (const GridCrossing& crossing : found.crossings) {
    const Point p = crossing.place[1];
    const double dx = p[0] - (width - 1) / 2.0, dy = p[1] - (height - 1) / 2.0;
    const double real = std::hypot(dx, dy) / 500;
    const double u = pitch * std::round(dx * (1 + 0.03 * real * real) / pitch),
                 v = pitch * std::round(dy * (1 + 0.03 * real * real) / pitch);
    const double r = std::hypot(u, v) / 500;
    grid.push_back({u, v});
    truth.push_back(
        {u * (1 + k * r * r) + (width - 1) / 2.0, v * (1 + k * r * r) + (height - 1) / 2.0});
    EXPECT_LT(std::hypot(p[0] - truth.back()[0], p[1] - truth.back()[1]), 3 * tolerance_px);
  }
  const auto h = fitted_homography(grid, truth);
  ASSERT_TRUE(h);
  double squares = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const auto [x, y] = seen(*h, grid[i]);
    squares += std::pow(x - truth[i][0], 2) + std::pow(y - truth[i][1], 2);
  }
  const double rms = std::sqrt(squares / double(grid.size()));
  EXPECT_GT(rms, 1);
  EXPECT_NEAR(found.from_grid.rms_px, rms, tolerance_px);
}

TEST(GridDistortion, LateralColorAsItWasDrawn) {
  const Image<float> picture = drawn(0, {1.002, 1, 0.999}, 1);
  const GridDistortion found = grid_distortion(picture, channels_of(picture), "drawn");
  double squares = 0;
  for (const GridCrossing& crossing : found.crossings)
    squares += std::pow(crossing.place[1][0] - (width - 1) / 2.0, 2) +
               std::pow(crossing.place[1][1] - (height - 1) / 2.0, 2);
  const double rms = std::sqrt(squares / double(found.crossings.size()));
  EXPECT_NEAR(found.red_from_green.rms_px, 0.002 * rms, tolerance_px);
  EXPECT_NEAR(found.blue_from_green.rms_px, 0.001 * rms, tolerance_px);
}

TEST(GridDistortion, SaysWhatItSawInstead) {
  Image<float> picture(300, 200);
  picture.fill(0.5F);
  EXPECT_THROW(grid_distortion(picture, channels_of(picture), "gray.png"), Error);
}

}  // namespace
}  // namespace lichtbild
