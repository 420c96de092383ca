#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.h"
#include "measure/measure.h"

namespace lichtbild {
namespace {

Image<float> noise(int width, int height, unsigned seed) {
  Image<float> image(width, height);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (float& v : image.samples()) v = uniform(random);
  return image;
}

TEST(Ssim, EqualIsOne) {
  const Image<float> image = noise(40, 30, 1);
  EXPECT_NEAR(ssim(image, image).combined, 1, 1e-12);
}

// Of constant pictures only luminance counts: (2ab + C1) / (a^2 + b^2 + C1), C1 = 0.0001.
TEST(Ssim, ConstantsInClosedForm) {
  Image<float> a(20, 20), b(20, 20);
  a.fill(0.25F), b.fill(0.75F);
  EXPECT_NEAR(ssim(a, b).combined, (0.375 + 1e-4) / (0.625 + 1e-4), 1e-9);
}

// One window: the formula with its sums written out, twice as slow and plain.
TEST(Ssim, OneWindowByTheFormula) {
  const Image<float> a = noise(11, 11, 2), b = noise(11, 11, 3);
  double w = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (int j = 0; j < 11; ++j)
    for (int i = 0; i < 11; ++i) {
      const double g = std::exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / (2 * 1.5 * 1.5));
      w += g, x += g * a(i, j), y += g * b(i, j);
    }
  x /= w, y /= w;
  for (int j = 0; j < 11; ++j)
    for (int i = 0; i < 11; ++i) {
      const double g = std::exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / (2 * 1.5 * 1.5)) / w;
      xx += g * std::pow(a(i, j) - x, 2), yy += g * std::pow(b(i, j) - y, 2);
      xy += g * (a(i, j) - x) * (b(i, j) - y);
    }
  const double expected =
      (2 * x * y + 1e-4) * (2 * xy + 9e-4) / ((x * x + y * y + 1e-4) * (xx + yy + 9e-4));
  EXPECT_NEAR(ssim(a, b).combined, expected, 1e-9);
}

TEST(Ssim, RefusesOtherShapesAndTinyPictures) {
  EXPECT_THROW(ssim(noise(20, 20, 1), noise(20, 21, 1)), Error);
  EXPECT_THROW(ssim(noise(10, 20, 1), noise(10, 20, 1)), Error);
}

TEST(BestScale, UndoesAnExposure) {
  const Image<float> image = noise(40, 30, 1);
  Image<float> darker = image.clone();
  for (float& v : darker.samples()) v *= 0.4F;
  EXPECT_NEAR(best_scale(darker, image), 2.5, 1e-6);
}

}  // namespace
}  // namespace lichtbild
