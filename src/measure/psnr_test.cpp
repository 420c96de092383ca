#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "measure/measure.h"

namespace lichtbild {
namespace {

Image<float> flat(int width, int height, int planes, float value) {
  Image<float> image(width, height, planes);
  image.fill(value);
  return image;
}

// A constant difference d has the mean squared error d^2: -20 log10 d decibel.
TEST(Psnr, ConstantOffset) {
  for (const float d : {0.5F, 0.1F, 0.001F}) {
    const Psnr result = psnr(flat(7, 5, 3, d), flat(7, 5, 3, 0));
    EXPECT_EQ(result.channels, 3);
    for (const double db : result.channel_db) EXPECT_NEAR(db, -20 * std::log10(double(d)), 1e-9);
    EXPECT_NEAR(result.combined_db, -20 * std::log10(double(d)), 1e-9);
  }
}

TEST(Psnr, CombinesErrorsNotDecibels) {
  Image<float> picture = flat(4, 4, 3, 0);
  std::fill_n(picture.row(0, 1), 16, 0.3F);  // green only: a third of the mean squared error
  const Psnr result = psnr(picture, flat(4, 4, 3, 0));
  EXPECT_EQ(result.channel_db[0], std::numeric_limits<double>::infinity());
  EXPECT_NEAR(result.channel_db[1], -20 * std::log10(double(0.3F)), 1e-9);
  EXPECT_NEAR(result.combined_db, -10 * std::log10(double(0.3F) * 0.3F / 3), 1e-9);
}

TEST(Psnr, EqualIsInfinite) {
  const Image<float> picture = flat(3, 3, 1, 0.25F);
  EXPECT_EQ(psnr(picture, picture).combined_db, std::numeric_limits<double>::infinity());
  EXPECT_EQ(psnr(picture, picture).channels, 1);
}

TEST(Psnr, CropLeavesOutTheRest) {
  Image<float> picture = flat(10, 8, 1, 0);
  picture(2, 3) = 1;
  EXPECT_EQ(psnr(picture, flat(10, 8, 1, 0), Crop{3, 0, 7, 8}).combined_db,
            std::numeric_limits<double>::infinity());
  EXPECT_NEAR(psnr(picture, flat(10, 8, 1, 0), Crop{2, 3, 5, 2}).combined_db, 10, 1e-9);
}

TEST(Psnr, RefusesOtherShapesAndCropsOutside) {
  const Image<float> picture = flat(10, 8, 1, 0);
  EXPECT_THROW(psnr(picture, flat(8, 10, 1, 0)), Error);
  EXPECT_THROW(psnr(picture, flat(10, 8, 3, 0)), Error);
  for (const Crop& crop : {Crop{0, 0, 11, 8}, Crop{-1, 0, 5, 5}, Crop{0, 0, 0, 5}, Crop{9, 7, 2, 1},
                           Crop{2147483647, 0, 1, 1}})
    EXPECT_THROW(psnr(picture, flat(10, 8, 1, 0), crop), Error);
}

}  // namespace
}  // namespace lichtbild
