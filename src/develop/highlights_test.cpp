#include "develop/highlights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace lichtbild::highlights_test {
namespace {

using enum CfaColor;
const Cfa orders[] = {{{red, green, green, blue}},
                      {{green, red, blue, green}},
                      {{green, blue, red, green}},
                      {{blue, green, green, red}}};
const Vector3 clip{2, 1, 1.5};

constexpr int width = 320, height = 256;

// A color that grows evenly brighter to the right.
Image<float> gradient(const Cfa& cfa, const Vector3& color, double from, double to) {
  Image<float> mosaic(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      mosaic(x, y) = float(color[int(cfa.at(x, y))] * (from + (to - from) * x / width));
  return mosaic;
}

Image<float> clipped(const Image<float>& truth, const Cfa& cfa) {
  Image<float> mosaic = truth.clone();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      mosaic(x, y) = std::min(mosaic(x, y), float(clip[int(cfa.at(x, y))]));
  return mosaic;
}

TEST(Highlights, AnUnclippedMosaicIsLeftAlone) {
  for (const Cfa& cfa : orders) {
    Image<float> mosaic = gradient(cfa, {1.9, 0.95, 1.4}, 0, 1);
    const Image<float> before = mosaic.clone();
    EXPECT_EQ(rebuild_highlights(mosaic, cfa, clip), 0);
    EXPECT_TRUE(std::ranges::equal(mosaic.samples(), before.samples()));
  }
}

TEST(Highlights, TheShareIsThatOfSamplesAtTheirClip) {
  for (const Cfa& cfa : orders) {
    const Vector3 color{1, 1, 0.7};
    Image<float> mosaic = clipped(gradient(cfa, color, 0.5, 1.4), cfa);
    long count = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        count += mosaic(x, y) >= 0.985f * float(clip[int(cfa.at(x, y))]);
    EXPECT_EQ(rebuild_highlights(mosaic, cfa, clip), double(count) / (width * height));
  }
}

TEST(Highlights, OneClippedColorIsEstimatedFromTheOthers) {
  // The true green, 1.3 at most, is known where blue says that there is a color at all.
  for (const Cfa& cfa : orders) {
    const Vector3 color{0.9, 1, 0.5};
    const Image<float> truth = gradient(cfa, color, 0.5, 1.3);
    Image<float> mosaic = clipped(truth, cfa);
    const Image<float> before = mosaic.clone();
    EXPECT_GT(rebuild_highlights(mosaic, cfa, clip), 0.1);
    // The difference that is added is that of the brink, 3 quads before the clip; beyond, the
    // estimate grows by 0.68 for each 1 of the truth: 0.32 x 0.3 is missing at the end, and 0.02
    // for the brink.
    constexpr double error = 0.12;
    double farthest = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        farthest = std::max(farthest, double(std::abs(mosaic(x, y) - truth(x, y))));
        ASSERT_GE(mosaic(x, y), before(x, y)) << x << " " << y;
        if (cfa.at(x, y) != green) {
          ASSERT_NEAR(mosaic(x, y), before(x, y), 1e-6) << x << " " << y;
        }
      }
    EXPECT_LT(farthest, error);
    std::printf("one color clipped: error at most %.3f of a clip of 1\n", farthest);
  }
}

TEST(Highlights, TwoClippedColorsStayAtOrAboveTheirClip) {
  for (const Cfa& cfa : orders) {
    const Vector3 color{0.3, 1, 1.4};
    const Image<float> truth = gradient(cfa, color, 0.5, 1.5);
    Image<float> mosaic = clipped(truth, cfa);
    const Image<float> before = mosaic.clone();
    rebuild_highlights(mosaic, cfa, clip);
    for (std::size_t k = 0; k < mosaic.size(); ++k) {
      ASSERT_GE(mosaic.samples()[k], before.samples()[k]);
      // Nothing is invented that is brighter than the scene by more than a half.
      ASSERT_LT(mosaic.samples()[k], 1.5f * std::max(truth.samples()[k], 1.0f));
    }
  }
}

TEST(Highlights, WhereAllColorsAreClippedTheResultIsNeutral) {
  for (const Cfa& cfa : orders) {
    Image<float> mosaic = clipped(gradient(cfa, {1, 1, 1}, 0.5, 4), cfa);
    rebuild_highlights(mosaic, cfa, clip);
    // Everything is beyond the largest clip, 2, from (2 - 0.5) / 3.5 of the width on.
    for (int y = 0; y < height; ++y)
      for (int x = int(width * 1.5 / 3.5) + 4; x < width; ++x)
        ASSERT_NEAR(mosaic(x, y), 2, 1e-5) << x;
  }
}

TEST(Highlights, TinyMosaics) {
  Image<float> mosaic(2, 2);
  mosaic.fill(3);
  EXPECT_EQ(rebuild_highlights(mosaic, {}, clip), 1);
  for (float v : mosaic.samples()) EXPECT_EQ(v, 3);
}

}  // namespace
}  // namespace lichtbild::highlights_test
