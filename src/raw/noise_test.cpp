#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <random>

#include "raw/raw.h"

namespace lichtbild {
namespace {

// Overlapping disks of many sizes, some flat, some shaded, a fifth of them textured.
Image<float> scene(int width, int height, std::mt19937& random) {
  Image<float> picture(width, height);
  picture.fill(0.2f);
  std::uniform_real_distribution<float> part(0, 1);
  for (int i = 0; i < 600; ++i) {
    const float radius = 8 / (0.04f + part(random)), cx = part(random) * width;
    const float cy = part(random) * height, level = 0.01f + 0.8f * part(random) * part(random);
    const float slope = (part(random) - 0.5f) * 0.0005f, texture = part(random) < 0.2f ? 0.3f : 0;
    for (int y = std::max(0, int(cy - radius)); y < std::min<int>(height, int(cy + radius)); ++y)
      for (int x = std::max(0, int(cx - radius)); x < std::min<int>(width, int(cx + radius)); ++x)
        if (std::hypot(x - cx, y - cy) < radius)
          picture(x, y) =
              level * (1 + texture * std::sin(x * 0.9f) * std::sin(y * 0.7f)) + slope * (x - cx);
  }
  return picture;
}

RawFrame noisy_frame(int width, int height, const NoiseModel& noise, int seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  RawFrame frame;
  frame.info.width = width, frame.info.height = height;
  frame.info.black = {512, 512, 512}, frame.info.white = {16383, 16383, 16383};
  frame.mosaic = scene(width, height, random);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      float& s = frame.mosaic(x, y);
      const int c = int(frame.info.cfa.at(x, y));
      const double clean = std::max(s, 0.0f);
      s = float(clean + normal(random) * std::sqrt(noise.scale[c] * clean + noise.offset[c]));
    }
  return frame;
}

class EstimateNoise : public testing::TestWithParam<NoiseModel> {};

// What counts is the variance that the model predicts, in the shadows and in the light: within 15
// %.
TEST_P(EstimateNoise, IsWithinFifteenPercent) {
  const NoiseModel truth = GetParam();
  const NoiseModel estimate = estimate_noise(noisy_frame(1600, 1200, truth, 11));
  for (int color = 0; color < 3; ++color)
    for (const double signal : {0.02, 0.1, 0.5}) {
      const double is = estimate.scale[color] * signal + estimate.offset[color];
      const double should = truth.scale[color] * signal + truth.offset[color];
      printf("color %d signal %.2f: %.3f of the truth\n", color, signal, is / should);
      EXPECT_NEAR(is / should, 1, 0.15) << "color " << color << " signal " << signal;
    }
}

INSTANTIATE_TEST_SUITE_P(Frames, EstimateNoise,
                         testing::Values(NoiseModel{{1e-4, 1e-4, 1e-4}, {1e-6, 1e-6, 1e-6}},
                                         NoiseModel{{1e-3, 1e-3, 1e-3}, {1e-5, 1e-5, 1e-5}},
                                         NoiseModel{{2e-4, 4e-4, 3e-4}, {1e-7, 1e-7, 1e-7}},
                                         NoiseModel{{4e-3, 4e-3, 4e-3}, {2e-4, 2e-4, 2e-4}}));

TEST(EstimateNoise, OfTinyOrEmptyFramesIsTheirRounding) {
  RawFrame frame;
  frame.info.width = frame.info.height = 8;
  frame.info.white = {1023, 1023, 1023};
  frame.mosaic = Image<float>(8, 8);
  frame.mosaic.fill(0.5f);
  const NoiseModel noise = estimate_noise(frame);
  for (int color = 0; color < 3; ++color) EXPECT_GT(noise.offset[color], 0);
}

}  // namespace
}  // namespace lichtbild
