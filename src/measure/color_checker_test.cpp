#include "measure/color_checker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

#include "core/color.h"
#include "core/error.h"
#include "core/spectrum.h"

namespace lichtbild {
namespace {

// BabelColor's mean of 30 charts, xyY under D50, as published (not computed from our spectra).
constexpr std::array<Vector3, checker_patches> published{
    {{0.4316, 0.3777, 0.1008}, {0.4197, 0.3744, 0.3495}, {0.2761, 0.3017, 0.1836},
     {0.3703, 0.4500, 0.1325}, {0.2999, 0.2856, 0.2304}, {0.2848, 0.3912, 0.4178},
     {0.5295, 0.4055, 0.3118}, {0.2306, 0.2107, 0.1126}, {0.5012, 0.3273, 0.1938},
     {0.3319, 0.2482, 0.0637}, {0.3984, 0.5008, 0.4446}, {0.4957, 0.4427, 0.4357},
     {0.2019, 0.1693, 0.0575}, {0.3253, 0.5032, 0.2318}, {0.5686, 0.3303, 0.1257},
     {0.4697, 0.4734, 0.5981}, {0.4159, 0.2688, 0.2009}, {0.2131, 0.3023, 0.1930},
     {0.3469, 0.3608, 0.9131}, {0.3440, 0.3584, 0.5894}, {0.3432, 0.3581, 0.3632},
     {0.3446, 0.3579, 0.1915}, {0.3401, 0.3548, 0.0883}, {0.3406, 0.3537, 0.0311}}};

PatchColors reference() {
  PatchColors xyz;
  for (int i = 0; i < checker_patches; ++i) {
    const auto [x, y, luminance] = published[i];
    xyz[i] = {x / y * luminance, luminance, (1 - x - y) / y * luminance};
  }
  return xyz;
}

// The chart through a homography before a background of random bars, in colors rgb = m xyz, with
// noise, 3 x 3 points a pixel.
Image<float> drawn(const Matrix3& h, const Matrix3& rgb_from_xyz, int width, int height,
                   float noise_deviation) {
  const PatchColors xyz = reference();
  const Matrix3 back = h.inverse();
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0, noise_deviation);
  Image<float> picture(width, height, 3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      Vector3 sum{};
      for (int k = 0; k < 9; ++k) {
        const auto [c, r] = seen(back, {x + (k % 3 - 1) / 3.0, y + (double(k / 3) - 1) / 3.0});
        Vector3 color{0.03, 0.03, 0.025};  // the board
        const int i = int(std::lround(c)), j = int(std::lround(r));
        if (c < -0.9 || r < -0.9 || c > 5.9 || r > 3.9)
          color.fill(0.1 + 0.3 * (((x / 37) * 7 + (y / 23) * 5) % 6) / 6.0);
        else if (i >= 0 && j >= 0 && i < 6 && j < 4 && std::abs(c - i) < 0.44 &&
                 std::abs(r - j) < 0.44)
          color = xyz[j * 6 + i];
        for (int p = 0; p < 3; ++p) sum[p] += color[p] / 9;
      }
      const Vector3 rgb = rgb_from_xyz * sum;
      for (int p = 0; p < 3; ++p) picture(x, y, p) = float(rgb[p]) + noise(random);
    }
  return picture;
}

// Scale, turn and tilt around the middle of a picture; chart (2.5, 1.5) lies in it.
Matrix3 view(double pitch, double turn_deg, double tilt, double x, double y) {
  const double c = std::cos(turn_deg * M_PI / 180), s = std::sin(turn_deg * M_PI / 180);
  const Matrix3 middle{{1, 0, -2.5, 0, 1, -1.5, 0, 0, 1}},
      turned{{pitch * c, -pitch * s, 0, pitch * s, pitch * c, 0, 0.3 * tilt, tilt, 1}},
      moved{{1, 0, x, 0, 1, y, 0, 0, 1}};
  return moved * turned * middle;
}

TEST(ColorChecker, FoundAtAnyScaleTurnAndTilt) {
  const Matrix3 srgb_from_xyz =
      xyz_from_linear(ColorSpace::srgb).inverse() * adapt(white_d50, white_d65);
  struct Case {
    double pitch, turn_deg, tilt;
  };
  for (const auto& [pitch, turn, tilt] :
       {Case{24, 0, 0}, Case{70, 3, 0}, Case{70, 90, 0.01}, Case{45, 140, 0.03}, Case{80, 180, 0},
        Case{60, 215, -0.03}, Case{90, 271, 0.02}, Case{55, 33, 0.05}}) {
    const Matrix3 h = view(pitch, turn, tilt, 410, 290);
    const FoundChecker found =
        find_color_checker(drawn(h, srgb_from_xyz, 800, 600, 0.004F), reference(), "drawn");
    EXPECT_GT(found.likeness, 0.99) << pitch << ' ' << turn;
    for (const Point corner : {Point{0, 0}, Point{5, 0}, Point{5, 3}, Point{0, 3}}) {
      const auto [x, y] = seen(h, corner);
      const auto [fx, fy] = seen(found.picture_from_chart, corner);
      EXPECT_LT(std::hypot(fx - x, fy - y), 0.06 * pitch) << pitch << ' ' << turn << ' ' << tilt;
    }
    PatchColors measured;
    for (int i = 0; i < checker_patches; ++i) measured[i] = srgb_from_xyz.inverse() * found.mean[i];
    const ColorErrors errors =
        color_errors(measured, reference(), xyz_from_chromaticity(white_d50));
    EXPECT_LT(errors.mean, 0.5) << pitch << ' ' << turn;  // noise 0.004 over 100 pixels and more
    EXPECT_NEAR(errors.exposure_stops, 0, 0.02);
  }
}

// Before white balance, in a camera's mixed colors, over a pedestal.
TEST(ColorChecker, FoundInCameraColors) {
  const Matrix3 camera{{0.5, 0.3, -0.1, -0.2, 1.1, 0.15, 0.02, 0.05, 0.4}};
  const Matrix3 h = view(60, 100, 0.02, 400, 310);
  Image<float> picture = drawn(h, camera, 800, 600, 0.004F);
  for (float& v : picture.samples()) v += 0.05F;
  const FoundChecker found = find_color_checker(picture, reference(), "drawn");
  const auto [x, y] = seen(h, {0, 0});
  const auto [fx, fy] = seen(found.picture_from_chart, {0, 0});
  EXPECT_LT(std::hypot(fx - x, fy - y), 4);
}

TEST(ColorChecker, SaysWhatItSawInstead) {
  Image<float> picture(400, 300, 3);
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (float& v : picture.samples()) v = uniform(random);
  try {
    find_color_checker(picture, reference(), "noise.png");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("even regions seen"), std::string::npos) << e.what();
  }
}

TEST(ColorErrors, ExposureIsTakenAwayAndTold) {
  PatchColors measured = reference();
  for (Vector3& xyz : measured)
    for (double& v : xyz) v *= std::exp2(0.7);
  const ColorErrors errors = color_errors(measured, reference(), xyz_from_chromaticity(white_d50));
  EXPECT_NEAR(errors.exposure_stops, 0.7, 2e-3);
  EXPECT_LT(errors.max, 0.05);
  EXPECT_LT(errors.white_chroma, 0.01);
}

// A photograph: 2592 x 1536 samples of 8 bits, green first, a chart of 220 x 150 pixels in a park,
// one of 520 x 370 in a room.
Image<float> headerless(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  constexpr int width = 2592, height = 1536;
  if (bytes.size() != std::size_t(width) * height) return {};
  const auto at = [&](int x, int y) { return float(std::uint8_t(bytes[y * width + x])) / 255; };
  Image<float> picture(width / 2, height / 2, 3);
  for (int y = 0; y < height / 2; ++y)
    for (int x = 0; x < width / 2; ++x) {
      picture(x, y, 0) = at(2 * x + 1, 2 * y);
      picture(x, y, 1) = 0.5F * (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y + 1));
      picture(x, y, 2) = at(2 * x, 2 * y + 1);
    }
  return picture;
}

TEST(ColorChecker, FoundInPhotographs) {
  struct Case {
    const char* name;
    Point dark_skin, black;  // by eye, in half-size pixels
  };
  const std::string folder = std::string(LICHTBILD_ROOT) + "/../shared/data/raw/";
  for (const auto& [name, dark_skin, black] :
       {Case{"Indoor1", {314, 592}, {532, 722}}, Case{"Outdoor1", {824, 342}, {908, 390}}}) {
    const Image<float> picture = headerless(folder + name + "_2592x1536_8bit_GRBG.raw");
    if (picture.empty()) GTEST_SKIP() << "no " << folder;
    const FoundChecker found = find_color_checker(picture, reference(), name);
    const auto [x, y] = seen(found.picture_from_chart, {0, 0});
    const auto [bx, by] = seen(found.picture_from_chart, {5, 3});
    EXPECT_LT(std::hypot(x - dark_skin[0], y - dark_skin[1]), 6) << name << ' ' << x << ' ' << y;
    EXPECT_LT(std::hypot(bx - black[0], by - black[1]), 6) << name << ' ' << bx << ' ' << by;
  }
}

}  // namespace
}  // namespace lichtbild
