#include "measure/visual_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/color.h"

namespace lichtbild {
namespace {

constexpr int side = 64;

// A gray of luminance `level`, each sample changed by `change(x, y)` times `direction` in XYZ.
template <class Change>
Image<float> surface(double level, const Vector3& direction, const Change& change) {
  const Vector3 white = xyz_from_chromaticity(white_d65);
  Image<float> out(side, side, 3);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const double by = change(x, y);
      for (int c = 0; c < 3; ++c) out(x, y, c) = float(level * white[c] + by * direction[c]);
    }
  return out;
}

// Even about the middle: without any slope that would pass for shading.
auto waves_of(double amplitude, int periods) {
  return [=](int x, int) {
    return amplitude * std::cos(2 * M_PI * periods * (x - (side - 1) / 2.0) / side);
  };
}

const Vector3 gray_direction = xyz_from_chromaticity(white_d65);

TEST(VisualNoise, SensitivitiesAtTheirLandmarks) {
  // Movshon and Kiorpes' 75 f^0.8 exp(-0.2 f) is greatest at 4 cycles per degree, 102.16; at 16 it
  // is 28.09.
  for (const double f : {0.0, 1.0, 4.0}) EXPECT_EQ(contrast_sensitivity(0, f), 1);
  EXPECT_NEAR(contrast_sensitivity(0, 16), 28.09 / 102.16, 2e-4);
  EXPECT_EQ(contrast_sensitivity(1, 0), 1);
  EXPECT_EQ(contrast_sensitivity(2, 0), 1);
  // At 8 cycles per degree an eye sees lightness, less of red and green, next to no blue and
  // yellow.
  EXPECT_GT(contrast_sensitivity(0, 8), 0.7);
  EXPECT_NEAR(contrast_sensitivity(1, 8),
              (109.1413 * std::exp(-0.00038 * std::pow(8, 3.4244)) +
               93.5971 * std::exp(-0.00367 * std::pow(8, 2.1677))) /
                  202.7384,
              1e-9);
  EXPECT_LT(contrast_sensitivity(2, 8), 0.2);
}

// Of coarse noise an eye sees all: dL* = 116 / 3 Y^(-2/3) dY, and gray noise has no color.
TEST(VisualNoise, CoarseGrayNoiseIsThatOfLightness) {
  constexpr double level = 0.18, amplitude = 0.002;
  const VisualNoise noise =
      visual_noise(surface(level, gray_direction, waves_of(amplitude, 4)), 20);  // 1.25 cycles
  const double expected = 116.0 / 3 * std::pow(level, -2.0 / 3) * amplitude / std::sqrt(2);
  EXPECT_NEAR(noise.lightness, expected, 0.002 * expected);
  EXPECT_LT(noise.u + noise.v, 0.002 * expected);
  EXPECT_NEAR(noise.value(), expected, 0.005 * expected);
}

TEST(VisualNoise, FineNoiseIsSeenByTheSensitivity) {
  constexpr double pixels_per_degree = 40;
  const auto seen = [&](int periods) {
    return visual_noise(surface(0.3, gray_direction, waves_of(0.001, periods)), pixels_per_degree)
        .lightness;
  };
  for (const int periods : {8, 16, 31}) {
    const double f = pixels_per_degree * periods / side;
    EXPECT_NEAR(seen(periods) / seen(2), contrast_sensitivity(0, f), 0.01) << f;
  }
}

// 1976 UCS: at one luminance u* = 13 L* (u' - u'w), v* likewise.
TEST(VisualNoise, ColoredNoiseOfOneLuminance) {
  constexpr double level = 0.4, amplitude = 0.001;
  const Vector3 red{1, 0, 0};  // X alone
  const VisualNoise noise =
      visual_noise(surface(level, red, waves_of(amplitude, 1)), 10);  // 0.16 cycles a degree
  const Vector3 w = xyz_from_chromaticity(white_d65);
  const double sum = level * (w[0] + 15 * w[1] + 3 * w[2]), l = 116 * std::cbrt(level) - 16;
  const double du = 4 / sum - 4 * level * w[0] / (sum * sum), dv = -9 * level * w[1] / (sum * sum);
  const double s = amplitude / std::sqrt(2);
  EXPECT_NEAR(noise.u, std::abs(13 * l * du) * s, 0.01 * noise.u);
  EXPECT_NEAR(noise.v, std::abs(13 * l * dv) * s, 0.01 * noise.u);
  EXPECT_LT(noise.lightness, 0.02 * noise.u);  // Bradford's adaptation turns a little of X to Y
}

TEST(VisualNoise, ShadingIsNoNoise) {
  const VisualNoise slope = visual_noise(
      surface(0.3, gray_direction, [](int x, int y) { return 0.0005 * x - 0.0002 * y; }), 40);
  EXPECT_LT(slope.value(), 1e-3);
}

// The same noise seen from farther away, or averaged over blocks, is less of it.
TEST(VisualNoise, DistanceHidesNoise) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal(0, 0.01);
  const Image<float> noisy = surface(0.2, gray_direction, [&](int, int) { return normal(random); });
  double last = 1e9;
  for (const double pixels_per_degree : {5.0, 20.0, 40.0, 80.0}) {
    const double value = visual_noise(noisy, pixels_per_degree).value();
    EXPECT_LT(value, 0.95 * last) << pixels_per_degree;
    last = value;
  }
}

}  // namespace
}  // namespace lichtbild
