#include "develop/white_balance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/error.h"
#include "develop/camera_color.h"
#include "develop/some_camera.h"
#include "develop/white_estimate.h"

namespace lichtbild {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(WhiteBalance, Names) {
  EXPECT_EQ(white_balance_from("as-shot").kind, WhiteBalance::Kind::as_shot);
  EXPECT_EQ(white_balance_from("auto").kind, WhiteBalance::Kind::automatic);
  double before = 0;
  for (const char* name : {"tungsten", "fluorescent", "daylight", "cloudy", "shade"}) {
    const WhiteBalance choice = white_balance_from(name);
    EXPECT_EQ(choice.kind, WhiteBalance::Kind::temperature);
    EXPECT_GT(choice.temperature.kelvin, before) << name;
    before = choice.temperature.kelvin;
  }
  EXPECT_EQ(white_balance_from("flash").temperature.kelvin, 5500);
}

TEST(WhiteBalance, Numbers) {
  struct Case {
    const char* text;
    double kelvin, tint;
  };
  for (const Case& k : {Case{"5200", 5200, 0}, Case{"5200,+8", 5200, 8}, Case{"5200,8", 5200, 8},
                        Case{"3100.5,-12.5", 3100.5, -12.5}, Case{"1500,150", 1500, 150},
                        Case{"50000,-150", 50000, -150}}) {
    const WhiteBalance choice = white_balance_from(k.text);
    EXPECT_EQ(choice.kind, WhiteBalance::Kind::temperature) << k.text;
    EXPECT_EQ(choice.temperature.kelvin, k.kelvin) << k.text;
    EXPECT_EQ(choice.temperature.tint, k.tint) << k.text;
  }
}

TEST(WhiteBalance, AnythingElseIsAnErrorThatNamesTheKnownOnes) {
  for (const char* text :
       {"", "sunny", "5200K", "5200,", ",8", "5200,8,1", "1499", "50001", "-5200", "nan", "nan,0",
        "5200,nan", "5200,151", "5200,-151", "inf", "++5200", "Daylight", " 5200"}) {
    try {
      white_balance_from(text);
      ADD_FAILURE() << "'" << text << "' was taken";
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), AllOf(HasSubstr(std::string("--white-balance ") + text),
                                  HasSubstr("is not a white balance"), HasSubstr("as-shot, auto"),
                                  HasSubstr("tungsten"), HasSubstr("KELVIN[,TINT]")));
    }
  }
}

// A mosaic of patches, gray but for a little color of random hue, under an illuminant.
RawFrame gray_world(const Vector3& neutral, unsigned seed) {
  constexpr int side = 512, patch = 24;
  RawFrame frame{{}, Image<float>(side, side)};
  frame.info.color = some_camera({0.5, 1, 0.6});
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> lightness(0.05, 0.6);
  std::normal_distribution<double> stray(0, 0.03);
  constexpr int across = side / patch + 1;
  std::vector<Vector3> colors(across * across);
  for (Vector3& color : colors) {
    const double gray = lightness(random);
    for (int c = 0; c < 3; ++c) color[c] = gray * std::exp(stray(random));
  }
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const int c = int(frame.info.cfa.at(x, y));
      frame.mosaic(x, y) = float(colors[y / patch * across + x / patch][c] * neutral[c]);
    }
  return frame;
}

TEST(WhiteBalance, TheEstimateFindsTheIlluminantOfAGrayWorld) {
  // Lights near 5300 K on the Planckian locus are usual, and things in photographs a little warmer
  // than their light: what is half a deviation off (40 mired) is drawn in by up to 4 %.
  constexpr double tolerance = 0.06;
  for (const double kelvin : {2850.0, 4000.0, 5500.0, 7000.0}) {
    const Vector3 neutral =
        neutral_from_white(some_camera({0.5, 1, 0.6}), chromaticity_from_temperature({kelvin, 0}));
    for (unsigned seed = 1; seed <= 5; ++seed) {
      const RawFrame frame = gray_world(neutral, seed);
      const White white = choose_white(frame, {.kind = WhiteBalance::Kind::automatic});
      EXPECT_NEAR(white.neutral[0] / neutral[0], 1, tolerance) << kelvin << ", seed " << seed;
      EXPECT_NEAR(white.neutral[2] / neutral[2], 1, tolerance) << kelvin << ", seed " << seed;
    }
  }
}

TEST(WhiteBalance, ClippedSamplesDoNotCount) {
  const Vector3 neutral =
      neutral_from_white(some_camera({0.5, 1, 0.6}), chromaticity_from_temperature({4000, 0}));
  RawFrame frame = gray_world(neutral, 3);
  const Chromaticity before = estimate_white(frame);
  for (int y = 100; y < 148; ++y)
    for (int x = 100; x < 196; ++x) frame.mosaic(x, y) = 1;
  const Chromaticity after = estimate_white(frame);
  // A hundredth of the picture is gone.
  EXPECT_NEAR(before.x, after.x, 3e-3);
  EXPECT_NEAR(before.y, after.y, 3e-3);
}

TEST(WhiteBalance, TheEstimateStaysWhereLampsAndSkiesAre) {
  for (const Vector3& neutral :
       {Vector3{1, 0.1, 0.1}, Vector3{0.1, 1, 0.1}, Vector3{0.1, 0.1, 1}}) {
    const Temperature t = temperature_from_chromaticity(estimate_white(gray_world(neutral, 2)));
    EXPECT_GE(t.kelvin, 2300 * 0.999);
    EXPECT_LE(t.kelvin, 10000 * 1.001);
    EXPECT_LE(std::abs(t.tint), 20.1);
  }
}

TEST(WhiteBalance, AsShotIsWhatTheCameraSaid) {
  const RawFrame frame = gray_world({1, 1, 1}, 1);
  const White white = choose_white(frame, {});
  for (int c = 0; c < 3; ++c) EXPECT_EQ(white.neutral[c], frame.info.color.as_shot_neutral[c]);
}

TEST(WhiteBalance, ATemperatureIsTaken) {
  const RawFrame frame = gray_world({1, 1, 1}, 1);
  const White white = choose_white(frame, white_balance_from("3200,+10"));
  const Temperature t = temperature_from_chromaticity(white.chromaticity);
  EXPECT_NEAR(t.kelvin, 3200, 1);
  EXPECT_NEAR(t.tint, 10, 0.05);
}

}  // namespace
}  // namespace lichtbild
