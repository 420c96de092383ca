#include "develop/develop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "core/error.h"
#include "develop/gaussian_lens.h"

namespace lichtbild::develop_test {
namespace {

using enum CfaColor;
constexpr Cfa orders[] = {{{red, green, green, blue}},
                          {{green, red, blue, green}},
                          {{green, blue, red, green}},
                          {{blue, green, green, red}}};

// A smooth full-color scene.
Vector3 scene(int x, int y) {
  return {0.20 + 0.12 * std::sin(0.05 * x + 0.03 * y), 0.25 + 0.15 * std::sin(0.04 * x - 0.05 * y),
          0.18 + 0.10 * std::cos(0.03 * x + 0.06 * y)};
}
Vector3 gray(int, int) { return {0.2, 0.2, 0.2}; }

RawFrame frame_of(const std::function<Vector3(int, int)>& picture, const Cfa& cfa, double deviation,
                  int width = 160, int height = 120) {
  RawFrame frame{{}, Image<float>(width, height)};
  RawInfo& info = frame.info;
  info.width = width;
  info.height = height;
  info.cfa = cfa;
  info.crop = {0, 0, width, height};
  info.color.illuminants[0].temperature_kelvin = 6504;
  info.color.illuminants[0].camera_from_xyz = xyz_from_rec2020().inverse();
  const double scale = deviation * deviation / 0.2;
  info.noise = NoiseModel{{scale, scale, scale}, {1e-8, 1e-8, 1e-8}};
  std::mt19937 random(4);
  std::normal_distribution<double> normal(0, 1);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double s = picture(x, y)[int(cfa.at(x, y))];
      frame.mosaic(x, y) = float(s + std::sqrt(scale * s) * normal(random));
    }
  return frame;
}

RawFrame noisy_frame() { return frame_of(scene, orders[0], 0.01); }
constexpr double nearly_no_noise = 1e-4;

Image<float> developed(RawFrame frame, DevelopParams params) {
  if (!params.exposure_stops) params.exposure_stops = 0;
  return floats(develop(std::move(frame), {}, params).rec2020);
}

double farthest(const Image<float>& a, const Image<float>& b, int border = 0) {
  double most = 0;
  for (int c = 0; c < 3; ++c)
    for (int y = border; y < a.height() - border; ++y)
      for (int x = border; x < a.width() - border; ++x)
        most = std::max<double>(most, std::abs(a(x, y, c) - b(x, y, c)));
  return most;
}

TEST(Develop, AllOrdersOfTheFilterGiveTheScene) {
  constexpr int border = 16;
  for (const Cfa& cfa : orders) {
    const Image<float> picture = developed(frame_of(scene, cfa, nearly_no_noise), {});
    double most = 0;
    for (int y = border; y < picture.height() - border; ++y)
      for (int x = border; x < picture.width() - border; ++x)
        for (int c = 0; c < 3; ++c)
          most = std::max(most, std::abs(picture(x, y, c) - scene(x, y)[c]));
    std::printf("red at %d, %d: farthest from the scene %.5f\n", cfa.red_x(), cfa.red_y(), most);
    // The scene bends by less than 0.15 x 0.064^2 over a sample; a demosaic is wrong by no more
    // than a few of these, and the noise is below 1e-3.
    EXPECT_LT(most, 4e-3);
  }
}

TEST(Develop, GrayStaysGray) {
  for (const Cfa& cfa : orders) {
    const Image<float> picture = developed(frame_of(gray, cfa, 0), {});
    for (int y = 0; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x)
        for (int c = 0; c < 3; ++c) {
          // Encoded values have 14 bits: 2 x 0.45 / 2^15. Two of them may fall to either side of a
          // half float's step, 2^-13.
          ASSERT_NEAR(picture(x, y, c), picture(x, y, 1), 0x1p-13) << x << " " << y;
          ASSERT_NEAR(picture(x, y, c), 0.2, 1e-4) << x << " " << y;
        }
  }
}

TEST(Develop, ExposureScalesExactly) {
  const Image<float> zero = developed(noisy_frame(), {.exposure_stops = 0});
  for (const double stops : {-2.0, 1.0, 3.0}) {
    const Image<float> other = developed(noisy_frame(), {.exposure_stops = stops});
    for (std::size_t k = 0; k < zero.size(); ++k)
      ASSERT_EQ(other.samples()[k], zero.samples()[k] * float(std::exp2(stops)));
  }
}

TEST(Develop, ExposureIsOverTheFilesOwn) {
  RawFrame frame = noisy_frame();
  frame.info.baseline_exposure_stops = 1;
  const Developed with = develop(std::move(frame), {}, {.exposure_stops = 1});
  EXPECT_EQ(with.report.exposure_stops, 2);
  EXPECT_FALSE(with.report.automatic_exposure);
  EXPECT_EQ(farthest(floats(with.rec2020), developed(noisy_frame(), {.exposure_stops = 2})), 0);
  EXPECT_TRUE(develop(noisy_frame(), {}).report.automatic_exposure);
}

TEST(Develop, CropsAreCutOutOfTheWhole) {
  const Image<float> whole = developed(noisy_frame(), {});
  for (const Crop crop : {Crop{8, 4, 100, 80}, Crop{5, 3, 31, 17}, Crop{159, 119, 1, 1}}) {
    RawFrame frame = noisy_frame();
    frame.info.crop = crop;
    const Image<float> part = developed(std::move(frame), {});
    ASSERT_EQ(part.width(), crop.width);
    ASSERT_EQ(part.height(), crop.height);
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < crop.height; ++y)
        for (int x = 0; x < crop.width; ++x)
          ASSERT_EQ(part(x, y, c), whole(x + crop.x, y + crop.y, c));
  }
}

RawFrame frame_with_a_lens(bool shading, bool warp) {
  RawFrame frame = noisy_frame();
  if (shading) frame.info.lens.vignette = RadialVignette{{0.6, 0, 0, 0, 0}, 0.5, 0.5};
  if (warp) frame.info.lens.warp = RectilinearWarp{.planes = {{0.97, 0.02, 0, 0, 0, 0}}};
  return frame;
}

TEST(Develop, OnDiffersFromOff) {
  struct Case {
    const char* name;
    DevelopParams on, off;
  };
  const WhiteBalance tungsten = white_balance_from("tungsten"),
                     automatic = white_balance_from("auto");
  const Case cases[] = {
      {"white balance", {.white_balance = tungsten}, {}},
      {"estimated white balance", {.white_balance = automatic}, {}},
      {"exposure", {.exposure_stops = 1}, {.exposure_stops = 0}},
      {"luma noise reduction", {}, {.luma_noise_reduction = 0}},
      {"chroma noise reduction", {}, {.chroma_noise_reduction = 0}},
      {"kept fall-off", {.falloff_kept = 1}, {}},
      {"lens corrections", {}, {.lens_corrections = false}},
  };
  for (const Case& k : cases)
    EXPECT_GT(farthest(developed(frame_with_a_lens(true, true), k.on),
                       developed(frame_with_a_lens(true, true), k.off)),
              1e-3)
        << k.name;
  for (const bool shading : {true, false})
    EXPECT_GT(
        farthest(developed(frame_with_a_lens(shading, !shading), {}), developed(noisy_frame(), {})),
        1e-3)
        << (shading ? "shading" : "warp");
  EXPECT_EQ(farthest(developed(frame_with_a_lens(true, true), {.lens_corrections = false}),
                     developed(noisy_frame(), {})),
            0);
}

TEST(Develop, ALensProfileTakesThePlaceOfTheFilesOwn) {
  LensProfile lens = gaussian_lens({0.7, 1.2, 0.9}, 160, 120);
  const auto through = [](const LensProfile& l) {
    return DevelopParams{.lens = std::make_shared<const LensProfile>(l)};
  };
  const DevelopParams all = through(lens);
  LensProfile without_blur = lens;
  without_blur.psf = {};
  const Image<float> picture = developed(frame_with_a_lens(true, true), all);
  EXPECT_EQ(farthest(picture, developed(noisy_frame(), all)), 0);
  EXPECT_EQ(farthest(developed(noisy_frame(), {.lens_corrections = false, .lens = all.lens}),
                     developed(noisy_frame(), {})),
            0);
  // A stage is gone where the profile, or the caller, leaves it out; neither changes the others.
  const auto step = [](int x, int) {
    return x < 50 ? Vector3{0.1, 0.1, 0.1} : Vector3{0.5, 0.5, 0.5};
  };
  const auto edge = [&] { return frame_of(step, orders[0], 1e-3); };
  const Image<float> sharpened = developed(edge(), all);
  EXPECT_GT(farthest(sharpened, developed(edge(), through(without_blur))), 0.02);
  LensProfile dark_corners = lens, distorting = lens;
  for (auto& channel : dark_corners.shading.illumination) channel.back() = 0.5;
  for (auto& channel : distorting.geometry.real)
    for (double& real : channel) real *= 1 - 0.03 * real * real;
  EXPECT_GT(farthest(sharpened, developed(edge(), through(dark_corners))), 0.02);
  EXPECT_GT(farthest(sharpened, developed(edge(), through(distorting))), 0.02);
}

TEST(Develop, AProfileOfAnotherShapeIsAnError) {
  const DevelopParams square{.lens =
                                 std::make_shared<const LensProfile>(gaussian_lens({}, 120, 120))};
  EXPECT_THROW(developed(noisy_frame(), square), Error);
}

TEST(Develop, ALessNoisyMergeIsDenoisedLess) {
  Image<float> ratio(80, 60);
  ratio.fill(0.1f);
  const DevelopParams params{.exposure_stops = 0};
  EXPECT_GT(farthest(floats(develop(noisy_frame(), ratio, params).rec2020),
                     developed(noisy_frame(), params)),
            1e-3);
}

TEST(Develop, NoiseReductionReducesNoise) {
  const auto deviation = [](double luma, double chroma) {
    const Image<float> picture =
        developed(frame_of(gray, orders[0], 0.02),
                  {.luma_noise_reduction = luma, .chroma_noise_reduction = chroma});
    double sum = 0, squares = 0;
    for (float v : picture.samples()) {
      sum += v;
      squares += double(v) * v;
    }
    const double mean = sum / double(picture.size());
    return std::sqrt(squares / double(picture.size()) - mean * mean);
  };
  const double without = deviation(0, 0), with = deviation(1, 1);
  std::printf("deviation of flat gray: %.5f, without noise reduction %.5f\n", with, without);
  EXPECT_LT(with, 0.7 * without);
  EXPECT_LT(deviation(0, 1), without);
  EXPECT_LT(deviation(1, 0), without);
}

TEST(Develop, TheReportSaysWhatWasDone) {
  RawFrame frame = noisy_frame();
  frame.info.color.as_shot_neutral = {0.5, 1, 0.8};
  const Developed d = develop(std::move(frame), {}, {.exposure_stops = 0.5});
  EXPECT_NEAR(d.report.white_gains[0], 2, 1e-12);
  EXPECT_NEAR(d.report.white_gains[1], 1, 1e-12);
  EXPECT_NEAR(d.report.white_gains[2], 1.25, 1e-12);
  EXPECT_EQ(d.report.clipped_share, 0);
  EXPECT_EQ(d.report.exposure_stops, 0.5);
  // Variances grow by the gain of the white balance, squared, per signal that has grown by it.
  const NoiseModel before = *noisy_frame().info.noise;
  EXPECT_NEAR(d.noise.scale[0], 2 * before.scale[0], 1e-15);
  EXPECT_NEAR(d.noise.offset[0], 4 * before.offset[0], 1e-15);
}

TEST(Develop, SmallFrames) {
  for (const auto& [width, height] : {std::pair{2, 2}, {4, 2}, {2, 6}, {18, 10}})
    for (const Cfa& cfa : orders) {
      const Image<float> picture = developed(frame_of(gray, cfa, 0, width, height), {});
      for (float v : picture.samples()) ASSERT_NEAR(v, 0.2, 1e-3) << width << "x" << height;
    }
}

}  // namespace
}  // namespace lichtbild::develop_test
