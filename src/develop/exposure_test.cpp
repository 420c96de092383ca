#include "develop/exposure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace lichtbild {
namespace {

Image<float> gray(double level) {
  Image<float> mosaic(128, 96);
  mosaic.fill(float(level));
  return mosaic;
}

double metered(const Image<float>& mosaic) {
  return automatic_exposure(mosaic, {}, Matrix3::identity());
}

TEST(Exposure, MiddleGrayStays) { EXPECT_NEAR(metered(gray(0.18)), 0, 1e-6); }

TEST(Exposure, DarkScenesAreLiftedAndStayDarkerThanBrightOnes) {
  double stops_before = 100, result_before = 0;
  for (const double level : {0.005, 0.02, 0.06, 0.12, 0.3, 0.7}) {
    const double stops = metered(gray(level)), result = level * std::exp2(stops);
    EXPECT_LT(stops, stops_before) << level;
    EXPECT_GT(result, result_before) << level;
    EXPECT_EQ(stops > 0, level < 0.18) << level;
    // Nearer to middle gray than before.
    EXPECT_LT(std::abs(std::log2(result / 0.18)), std::abs(std::log2(level / 0.18))) << level;
    stops_before = stops;
    result_before = result;
  }
}

TEST(Exposure, HighlightsHoldItBack) {
  Image<float> mosaic = gray(0.01);
  const double without = metered(mosaic);
  // A twelfth of the picture is bright.
  for (int y = 0; y < 96; ++y)
    for (int x = 112; x < 128; ++x) mosaic(x, y) = 0.9f;
  EXPECT_LT(metered(mosaic), without - 1);
}

TEST(Exposure, TheMiddleCountsMore) {
  Image<float> in_the_middle = gray(0.05), in_the_corner = gray(0.05);
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x) {
      in_the_middle(48 + x, 32 + y) = 0.3f;
      in_the_corner(x, y) = 0.3f;
    }
  EXPECT_LT(metered(in_the_middle), metered(in_the_corner));
}

TEST(Exposure, LuminanceIsThatOfRec2020) {
  using enum CfaColor;
  for (const Cfa& cfa : {Cfa{{red, green, green, blue}}, Cfa{{green, red, blue, green}},
                         Cfa{{green, blue, red, green}}, Cfa{{blue, green, green, red}}}) {
    Image<float> mosaic(64, 64);
    const Vector3 color{0.1, 0.2, 0.05};
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) mosaic(x, y) = float(color[int(cfa.at(x, y))]);
    const Matrix3 matrix{{1.5, -0.3, -0.2, -0.1, 1.2, -0.1, 0, -0.2, 1.2}};
    const Vector3 rgb = matrix * color;
    const double luminance = 0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2];
    EXPECT_NEAR(automatic_exposure(mosaic, cfa, matrix), metered(gray(luminance)), 1e-5);
  }
}

TEST(Exposure, HasLimits) {
  EXPECT_LE(metered(gray(0)), 6);
  EXPECT_GE(metered(gray(50)), -3);
  Image<float> tiny(2, 2);
  tiny.fill(0.01f);
  EXPECT_EQ(metered(tiny), 0);
}

}  // namespace
}  // namespace lichtbild
