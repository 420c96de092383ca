#include "develop/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lichtbild {
namespace {

constexpr Crop whole(int width, int height) { return {0, 0, width, height}; }

Image<Half> straight_of(const Image<Half>& picture, const RectilinearWarp& warp) {
  const Crop all = whole(picture.width(), picture.height());
  return straightened(picture, all, StraightGeometry(warp, all.width, all.height),
                      Matrix3::identity(), all);
}

Image<Half> random_picture(int width, int height) {
  Image<Half> picture(width, height, 3);
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (Half& v : picture.samples()) v = half_from(uniform(random));
  return picture;
}

template <class F>
Image<Half> picture_of(int width, int height, F&& value) {
  Image<Half> picture(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) picture(x, y, c) = half_from(float(value(x, y, c)));
  return picture;
}

double smooth(double x, double y) { return 0.5 + 0.3 * std::sin(0.05 * x) * std::cos(0.04 * y); }
constexpr double half_step = 0x1p-12;  // half of the distance of half floats below 1

TEST(Geometry, NoWarpReturnsThePicture) {
  for (const auto& [width, height] : {std::pair{63, 37}, {2, 3}, {130, 70}, {1, 1}}) {
    const Image<Half> picture = random_picture(width, height);
    const Image<Half> straight =
        straight_of(picture, {.planes = {{1, 0, 0, 0, 0, 0}}, .center_x = 0.4, .center_y = 0.6});
    for (std::size_t k = 0; k < picture.size(); ++k)
      ASSERT_EQ(straight.samples()[k].bits, picture.samples()[k].bits);
  }
}

TEST(Geometry, APictureOfOnePixelStays) {
  Image<Half> picture(1, 1, 3);
  picture.fill(half_from(0.7f));
  const Image<Half> straight = straight_of(picture, {.planes = {{0.97, 0.02, 0, 0, 0.01, 0}}});
  for (Half v : straight.samples()) EXPECT_EQ(v.bits, half_from(0.7f).bits);
}

TEST(Geometry, ScalingAgainstTheFunctionItself) {
  const int width = 200, height = 150;
  const Image<Half> picture =
      picture_of(width, height, [](int x, int y, int) { return smooth(x, y); });
  const double scale = 0.93, cx = 0.45 * (width - 1), cy = 0.55 * (height - 1);
  const Image<Half> straight = straight_of(
      picture, {.planes = {{scale, 0, 0, 0, 0, 0}}, .center_x = 0.45, .center_y = 0.55});
  // Halves twice, and Lanczos-3's own ripple of 1e-3 of the function's swing, 0.3.
  constexpr double error = 2 * half_step + 3e-4;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      ASSERT_NEAR(float_from(straight(x, y)), smooth(cx + scale * (x - cx), cy + scale * (y - cy)),
                  error);
}

TEST(Geometry, PartsAreCutOutOfTheWhole) {
  const RectilinearWarp warp{.planes = {{0.95, 0.02, 0, 0, 0.004, -0.006}}};
  const Image<Half> picture = random_picture(170, 140);
  const Image<Half> all = straight_of(picture, warp);
  // The active area lies in a larger picture; what is beside it is never looked at.
  Image<Half> larger(173, 141, 3);
  larger.fill(half_from(1000));
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 140; ++y) std::copy_n(picture.row(y, c), 170, larger.row(y + 1, c) + 2);
  // Away from the tiles' borders, where places are tabulated at the same samples.
  const Crop part{64, 9, 77, 90};
  const Image<Half> cut = straightened(larger, {2, 1, 170, 140}, StraightGeometry(warp, 170, 140),
                                       Matrix3::identity(), part);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < part.height; ++y)
      for (int x = 0; x < part.width; ++x)
        ASSERT_EQ(cut(x, y, c).bits, all(x + part.x, y + part.y, c).bits);
}

TEST(Geometry, ColorsAreMixedAfterTheyAreAligned) {
  const Matrix3 matrix{{1.6, -0.4, -0.2, -0.3, 1.5, -0.2, 0.1, -0.5, 1.4}};
  const Image<Half> picture = random_picture(70, 66);
  const Crop all = whole(70, 66);
  const RectilinearWarp warp{.planes = {{1, 0, 0, 0, 0, 0}}};
  const Image<Half> straight =
      straightened(picture, all, StraightGeometry(warp, 70, 66), matrix, all);
  for (int y = 0; y < 66; ++y)
    for (int x = 0; x < 70; ++x)
      for (int row = 0; row < 3; ++row) {
        double sum = 0;
        for (int c = 0; c < 3; ++c) sum += matrix(row, c) * float_from(picture(x, y, c));
        ASSERT_NEAR(float_from(straight(x, y, row)), sum, 4 * half_step);
      }
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
  const StraightGeometry geometry(warp, width, height);
  constexpr double tabulated = 1e-4;
  for (const auto& [x, y] : {std::pair{0, 0}, {640, 480}, {100, 333}, {307, 245}}) {
    const double dx = (x - cx) / m, dy = (y - cy) / m, r = std::hypot(dx, dy);
    const double f = 0.99 + 0.02 * r * r - 0.01 * std::pow(r, 4) + 0.003 * std::pow(r, 6);
    const Point p = geometry.recorded(0, {double(x), double(y)});
    EXPECT_NEAR(p.x, cx + m * (f * dx + 0.004 * 2 * dx * dy - 0.006 * (r * r + 2 * dx * dx)),
                tabulated);
    EXPECT_NEAR(p.y, cy + m * (f * dy - 0.006 * 2 * dx * dy + 0.004 * (r * r + 2 * dy * dy)),
                tabulated);
    const Point green = geometry.recorded(1, {double(x), double(y)});
    EXPECT_NEAR(green.x, cx + 1.01 * (x - cx), tabulated);
  }
}

TEST(Geometry, LateralColorIsAligned) {
  const int width = 240, height = 180;
  const double scales[] = {1.004, 1, 0.995}, cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
  // A soft checker of 10 samples a field, recorded by each color at its own size.
  const double pitch = M_PI / 10;
  const auto recorded_picture = picture_of(width, height, [&](int x, int y, int c) {
    return std::sin(pitch * (x - cx) / scales[c]) * std::sin(pitch * (y - cy) / scales[c]);
  });
  RectilinearWarp warp;
  for (double scale : scales) warp.planes.push_back({scale, 0, 0, 0, 0, 0});
  const Image<float> straight = floats(straight_of(recorded_picture, warp)),
                     picture = floats(recorded_picture);
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
  const Image<Half> picture = picture_of(80, 60, [](int x, int, int) { return x > 40 ? 1 : 0; });
  const Image<Half> straight = straight_of(picture, {.planes = {{0.9, 0.05, 0, 0, 0, 0}}});
  for (Half v : straight.samples()) {
    EXPECT_GE(float_from(v), -0.25f);
    EXPECT_LE(float_from(v), 1.25f);
  }
}

// Barrel distortion and lateral color in closed form: real = ideal (1 - 0.06 ideal^2 + color).
TEST(Geometry, PlacesFollowTheProfile) {
  LensProfile lens;
  lens.sensor = {.pixel_um = 2, .width_px = 800, .height_px = 600};
  lens.center_x = 0.52, lens.center_y = 0.49;
  const double color[] = {0.002, 0, -0.003};
  const auto real = [&](int c, double u) { return u * (1 - 0.06 * u * u + color[c]); };
  for (int i = 0; i <= 40; ++i) {
    const double u = 1.4 * i / 40;
    lens.geometry.ideal.push_back(u);
    for (int c = 0; c < 3; ++c) lens.geometry.real[c].push_back(real(c, u));
  }
  const double scale = corrected_scale(lens), half = 500;
  // Twice: a binned picture of half the size sees the same.
  for (const int binning : {1, 2}) {
    const int width = 800 / binning, height = 600 / binning;
    const StraightGeometry geometry(lens, width, height);
    for (const auto& [x, y] : {std::pair{0, 0}, {799, 599}, {100, 433}, {415, 293}})
      for (int c = 0; c < 3; ++c) {
        const double dx = (x + 0.5) - 0.52 * 800, dy = (y + 0.5) - 0.49 * 600;
        const double r = std::hypot(dx, dy) / half, ratio = real(c, scale * r) / r;
        const Point p =
            geometry.recorded(c, {(x + 0.5) / binning - 0.5, (y + 0.5) / binning - 0.5});
        // The profile's cubic and this table's lines.
        EXPECT_NEAR((p.x + 0.5) * binning, 0.52 * 800 + dx * ratio, 2e-3);
        EXPECT_NEAR((p.y + 0.5) * binning, 0.49 * 600 + dy * ratio, 2e-3);
      }
  }
}

}  // namespace
}  // namespace lichtbild
