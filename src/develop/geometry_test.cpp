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

// All of a picture; one plane counts for three.
Image<float> undo_warp(const Image<float>& picture, const RectilinearWarp& warp) {
  const Crop whole{0, 0, picture.width(), picture.height()};
  Image<float> planes(whole.width, whole.height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < whole.height; ++y)
      std::copy_n(picture.row(y, std::min(c, picture.planes() - 1)), whole.width, planes.row(y, c));
  const RecordedPlaces places = recorded_places(warp, 1, whole.width, whole.height);
  return floats(straightened({halves(planes), whole}, places, Matrix3::identity(), whole));
}

double smooth(double x, double y) { return 0.5 + 0.3 * std::sin(0.05 * x) * std::cos(0.04 * y); }

TEST(Geometry, NoWarpReturnsThePicture) {
  for (const auto& [width, height] : {std::pair{63, 37}, {2, 3}, {130, 70}}) {
    const Image<float> picture = floats(halves(random_picture(width, height)));
    const Image<float> straight =
        undo_warp(picture, {.planes = {{1, 0, 0, 0, 0, 0}}, .center_x = 0.4, .center_y = 0.6});
    // Places are found to 1e-5 of a sample: the same phase.
    for (std::size_t k = 0; k < picture.size(); ++k)
      ASSERT_NEAR(straight.samples()[k], picture.samples()[k], 0x1p-12);
  }
}

TEST(Geometry, APictureOfOnePixelStays) {
  Image<float> picture(1, 1, 3);
  picture.fill(0.7f);
  const Image<float> straight = undo_warp(picture, {.planes = {{0.97, 0.02, 0, 0, 0.01, 0}}});
  for (float v : straight.samples()) EXPECT_NEAR(v, 0.7f, 0x1p-12);
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

TEST(Geometry, TabulatedPlacesAreThoseOfTheFormula) {
  const RectilinearWarp warp{
      .planes = {{0.95, 0.06, -0.03, 0.01, 0.002, -0.003}}, .center_x = 0.48, .center_y = 0.51};
  const int width = 4096, height = 3072;
  const RecordedPlaces places = recorded_places(warp, 0, width, height);
  std::vector<float> x(width), y(width);
  constexpr double rounding_px = 2e-3;  // floats of 4096: 2^-12, a few of them
  for (const int at : {0, 1, 1566, 3071}) {
    places.row(0, width, at, x.data(), y.data());
    for (int i = 0; i < width; ++i) {
      const Point p = warped(warp, 0, {double(i), double(at)}, width, height);
      ASSERT_NEAR(x[i], p.x, rounding_px);
      ASSERT_NEAR(y[i], p.y, rounding_px);
    }
  }
}

// Real = ideal (1 + d ideal^2), d per channel.
LensProfile distorting_lens(const std::array<double, 3>& d, int width, int height) {
  LensProfile lens;
  lens.sensor = {2, width, height};
  lens.center_x = 0.49, lens.center_y = 0.52;
  for (int i = 0; i <= 80; ++i) {
    lens.geometry.ideal.push_back(i / 64.0);
    for (int c = 0; c < 3; ++c)
      lens.geometry.real[c].push_back(i / 64.0 * (1 + d[c] * std::pow(i / 64.0, 2)));
  }
  return lens;
}

TEST(Geometry, AProfileShowsTheIdealPlace) {
  // A picture whose samples say where in the ideal picture they were taken: ideal radius from the
  // recorded one by fixed-point iteration.
  const std::array<double, 3> d{-0.05, -0.052, -0.055};
  const int width = 480, height = 360;
  const LensProfile lens = distorting_lens(d, width, height);
  const double half = std::hypot(width, height) / 2, cx = 0.49 * width, cy = 0.52 * height;
  const double scale = corrected_scale(lens);
  Image<float> across(width, height, 3), down(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const double dx = x + 0.5 - cx, dy = y + 0.5 - cy, real = std::hypot(dx, dy) / half;
        double ideal = real;
        for (int i = 0; i < 60; ++i) ideal = real / (1 + d[c] * ideal * ideal);
        across(x, y, c) = float(dx * ideal / real / 512);
        down(x, y, c) = float(dy * ideal / real / 512);
      }
  const Crop whole{0, 0, width, height}, part{30, 20, 401, 303};
  const auto shown = [&](const Image<float>& picture, int channel) {
    const auto places = recorded_places(lens, width, height);
    return floats(
        straightened({halves(picture), whole}, places[channel], Matrix3::identity(), part));
  };
  // Halves below 0.5, rounded twice: 2 x 2^-13 x 512 = 0.125; phases: 0.002. Of steps of 0.125,
  // 2 x 0.125 / sqrt(12) remains in the mean square of both directions.
  constexpr double tolerance_px = 0.13, tolerance_rms_px = 0.073;
  double squares = 0;
  for (int c = 0; c < 3; ++c) {
    const Image<float> shown_x = shown(across, c), shown_y = shown(down, c);
    for (int y = 0; y < part.height; ++y)
      for (int x = 0; x < part.width; ++x) {
        const double error_x = 512 * shown_x(x, y, c) - scale * (part.x + x + 0.5 - cx),
                     error_y = 512 * shown_y(x, y, c) - scale * (part.y + y + 0.5 - cy);
        ASSERT_NEAR(error_x, 0, tolerance_px) << x << " " << y << " " << c;
        ASSERT_NEAR(error_y, 0, tolerance_px) << x << " " << y << " " << c;
        squares += error_x * error_x + error_y * error_y;
      }
  }
  EXPECT_LT(std::sqrt(squares / 3 / part.width / part.height), tolerance_rms_px);
}

TEST(Geometry, TheMatrixIsAppliedAfterwards) {
  const Matrix3 matrix{{1.5, -0.4, -0.1, -0.2, 1.3, -0.1, 0.1, -0.5, 1.4}};
  const Image<Half> picture = halves(random_picture(40, 30));
  const Crop whole{0, 0, 40, 30};
  const RectilinearWarp none{.planes = {{1, 0, 0, 0, 0, 0}}};
  const RecordedPlaces places = recorded_places(none, 1, 40, 30);
  const Image<float> out = floats(straightened({picture, whole}, places, matrix, whole)),
                     in = floats(picture);
  for (int y = 0; y < 30; ++y)
    for (int x = 0; x < 40; ++x) {
      const Vector3 expected = matrix * Vector3{in(x, y, 0), in(x, y, 1), in(x, y, 2)};
      for (int c = 0; c < 3; ++c) ASSERT_NEAR(out(x, y, c), expected[c], 0x1p-10);
    }
}

TEST(Geometry, EdgesDoNotOvershoot) {
  Image<float> picture(80, 60);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 80; ++x) picture(x, y) = x > 40 ? 1 : 0;
  const Image<float> straight = undo_warp(picture, {.planes = {{0.9, 0.05, 0, 0, 0, 0}}});
  for (float v : straight.samples()) {
    EXPECT_GE(v, 0);
    EXPECT_LE(v, 1);
  }
}

}  // namespace
}  // namespace lichtbild
