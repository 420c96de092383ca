#include "look/curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "look/oklab.h"

namespace lichtbild {
namespace {

std::vector<Look> some_looks() {
  Look soft, hard, bright;
  soft.contrast = 1.2;
  soft.toe = 1.1;
  soft.shoulder = 1.2;
  hard.contrast = 1.8;
  hard.toe = 3;
  hard.shoulder = 4;
  bright.gray = 0.25;
  bright.black_stops = 12;
  bright.white_stops = 8;
  return {Look{}, soft, hard, bright};
}

TEST(Tone, RunsThroughGrayAndReachesItsEnds) {
  for (const Look& look : some_looks()) {
    EXPECT_NEAR(tone(look, 0.18), look.gray, 1e-12);
    EXPECT_NEAR(tone(look, 0.18 * std::exp2(look.white_stops)), 1, 1e-12);
    EXPECT_NEAR(tone(look, 0.18 * std::exp2(-look.black_stops)), 0, 1e-12);
    EXPECT_NEAR(tone(look, 1e6), 1, 1e-12);
    EXPECT_NEAR(tone(look, 0), 0, 1e-12);
  }
}

TEST(Tone, IsMonotonic) {
  for (const Look& look : some_looks()) {
    double before = -1;
    for (double stops = -16; stops <= 10; stops += 0.01) {
      const double now = tone(look, 0.18 * std::exp2(stops));
      // A step down by rounding only.
      ASSERT_GE(now, before - 1e-15) << stops;
      before = now;
    }
  }
}

TEST(Tone, SlopeAtGrayIsTheContrast) {
  for (const Look& look : some_looks()) {
    const auto encoded = [&](double stops) {
      return std::pow(tone(look, 0.18 * std::exp2(stops)), 1 / 2.2);
    };
    constexpr double step = 1e-4;
    const double documented = look.contrast * std::log(2.0) / 2.2 * std::pow(look.gray, 1 / 2.2);
    // A branch leaves its tangent by t^p / p, t < step, p > 1.1: 4e-5 of the slope.
    EXPECT_NEAR((encoded(step) - encoded(-step)) / (2 * step), documented, 4e-5 * documented);
  }
}

TEST(Tone, TableHoldsTheCurve) {
  const Image<float> table = tone_table({});
  for (int k = 0; k < table.width(); ++k) {
    const double luminance = std::exp2(curve_lowest_stops + double(k) / curve_steps);
    ASSERT_EQ(table(k, 0), float(tone({}, luminance)));
  }
  EXPECT_GE(table.width() - 1, (curve_highest_stops - curve_lowest_stops) * curve_steps);
}

TEST(DiamondAngle, RisesWithTheAngleFromZeroToFour) {
  double before = -1;
  for (int k = 0; k < 3600; ++k) {
    const double angle = k * M_PI / 1800;
    const double d = diamond_angle(0.3 * std::cos(angle), 0.3 * std::sin(angle));
    ASSERT_GT(d, before) << k;
    before = d;
  }
  EXPECT_LT(before, 4);
  EXPECT_EQ(diamond_angle(1, 0), 0);
  EXPECT_EQ(diamond_angle(0, 1), 1);
  EXPECT_EQ(diamond_angle(-1, 0), 2);
  EXPECT_EQ(diamond_angle(0, -1), 3);
  EXPECT_EQ(diamond_angle(0, 0), 0);
}

TEST(HueTable, OfANeutralLookChangesNothing) {
  const Image<float> table = hue_table({});
  for (int k = 0; k <= hue_steps; ++k) {
    EXPECT_EQ(table(k, 0), 1);
    EXPECT_EQ(table(k, 1), 0);
    EXPECT_EQ(table(k, 2), 0);
  }
}

TEST(HueTable, ARuleActsInFullAtItsCenterAndByHalfAtItsWidth) {
  Look look;
  look.chroma = 1.1;
  look.hues = {
      {.center_deg = 90, .width_deg = 45, .chroma = 0.81, .shift_deg = 8, .lightness = 0.02}};
  const Image<float> table = hue_table(look);
  // Hues of 90, 45 and 270 degrees lie on columns of their own.
  const int center = hue_steps / 4, half = hue_steps / 8, opposite = 3 * hue_steps / 4;
  constexpr double rounding = 1e-6;
  EXPECT_NEAR(table(center, 0), 1.1 * 0.81, rounding);
  EXPECT_NEAR(table(center, 1), 8 * M_PI / 180, rounding);
  EXPECT_NEAR(table(center, 2), 0.2, rounding);
  EXPECT_NEAR(table(half, 0), 1.1 * std::sqrt(0.81), rounding);
  EXPECT_NEAR(table(half, 1), 4 * M_PI / 180, rounding);
  EXPECT_NEAR(table(half, 2), 0.1, rounding);
  // Four widths away 2^-16 is left.
  EXPECT_NEAR(table(opposite, 1), 8 * M_PI / 180 / 65536, rounding);
  for (int row = 0; row < 3; ++row) EXPECT_NEAR(table(0, row), table(hue_steps, row), rounding);
}

// The chroma at which the ray of a hue leaves the space, by small steps outwards.
double edge_by_steps(ColorSpace space, double lightness, double a, double b) {
  const Matrix3 rgb_from_lms = lms_from_rgb(xyz_from_linear(space)).inverse();
  constexpr double step = 2e-4;
  for (double chroma = step;; chroma += step) {
    const Vector3 rgb = rgb_from_lms * lms_from_oklab({lightness, chroma * a, chroma * b});
    for (double v : rgb)
      if (v < -1e-6 || v > 1 + 1e-6) return chroma - step / 2;
  }
}

TEST(GamutTable, HoldsWhereEachHueLeavesTheSpace) {
  std::mt19937 random(7);
  for (const ColorSpace space : {ColorSpace::srgb, ColorSpace::display_p3}) {
    const Image<float> table = gamut_table(space);
    for (int trial = 0; trial < 400; ++trial) {
      const int column = int(random() % (hue_steps + 1)),
                row = 1 + int(random() % (lightness_steps - 1));
      const double d = 4.0 * (column % hue_steps) / hue_steps;
      const double v = d <= 1   ? d
                       : d <= 3 ? 2 - d
                                : d - 4,
                   u = (d <= 1 || d >= 3 ? 1 : -1) * (1 - std::abs(v)), length = std::hypot(u, v);
      // Half a step of the search, and the bisection's 0.5 / 2^24.
      ASSERT_NEAR(table(column, row),
                  edge_by_steps(space, double(row) / lightness_steps, u / length, v / length), 2e-4)
          << "column " << column << ", row " << row;
    }
  }
}

TEST(Oklab, PublishedPairs) {
  struct Pair {
    Vector3 xyz, lab;
  };
  const Pair pairs[] = {{{0.950, 1.000, 1.089}, {1.000, 0.000, 0.000}},
                        {{1.000, 0.000, 0.000}, {0.450, 1.236, -0.019}},
                        {{0.000, 1.000, 0.000}, {0.922, -0.671, 0.263}},
                        {{0.000, 0.000, 1.000}, {0.153, -1.415, -0.449}}};
  // Three decimals are published.
  constexpr double printed = 1e-3;
  for (const Pair& pair : pairs)
    for (int k = 0; k < 3; ++k)
      EXPECT_NEAR(oklab_from_lms(lms_from_xyz() * pair.xyz)[k], pair.lab[k], printed);
}

TEST(Oklab, ThereAndBack) {
  const Vector3 lab{0.6, -0.1, 0.07}, back = oklab_from_lms(lms_from_oklab(lab));
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(back[k], lab[k], 1e-12);
  const Vector3 white = lms_from_rgb(xyz_from_rec2020()) * Vector3{1, 1, 1};
  for (double v : white) EXPECT_NEAR(v, 1, 1e-12);
}

}  // namespace
}  // namespace lichtbild
