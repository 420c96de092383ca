#include "burst/black_floor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lichtbild {
namespace {

TEST(BlackFloor, InvertsTheMeanOfARectifiedGaussian) {
  // Closed form at m = 0: sigma / sqrt(2 pi).
  EXPECT_NEAR(mean_before_cut(1 / std::sqrt(2 * M_PI), 1), 0, 1e-9);
  EXPECT_NEAR(mean_before_cut(1.0833154705876, 1), 1, 1e-9);  // Phi(1) + phi(1)
  EXPECT_NEAR(mean_before_cut(10, 1), 10, 1e-9);
  EXPECT_EQ(mean_before_cut(0.1, 1), 0);
}

TEST(BlackFloor, DarkPicturesGetTheirMeansBack) {
  const NoiseModel noise{{7e-4, 7e-4, 7e-4}, {1.6e-6, 1.6e-6, 1.6e-6}};
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (double signal : {0.0, 0.0005, 0.001, 0.002, 0.005, 0.02}) {
    Image<float> mosaic(256, 256);
    const double sigma = std::sqrt(7e-4 * signal + 1.6e-6);
    for (float& s : mosaic.samples()) s = float(std::max(signal + sigma * normal(random), 0.0));
    if (signal < 0.002) EXPECT_TRUE(is_cut_at_black(mosaic));
    undo_cut_at_black(mosaic, {}, noise);
    double sum = 0;
    for (float s : mosaic.samples()) sum += s;
    // Window of 49 samples: the inverse's curvature leaves a few hundredths of a deviation.
    EXPECT_NEAR(sum / double(mosaic.size()), signal, 0.06 * sigma) << signal;
  }
}

TEST(BlackFloor, LeavesFilesThatKeepNegativeNoise) {
  Image<float> mosaic(64, 64);
  mosaic.fill(0);
  EXPECT_TRUE(is_cut_at_black(mosaic));
  mosaic(3, 3) = -0.001f;
  EXPECT_FALSE(is_cut_at_black(mosaic));
}

}  // namespace
}  // namespace lichtbild
