// How well mosaics of full-color pictures are completed: the figures of docs/numbers.md, on the
// pictures in
// ../shared/data/demosaic, which the network has never seen.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "develop/demosaic_picture.h"
#include "measure/measure.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

Image<float> eight_bits(Image<float> picture) {
  for (float& v : picture.samples()) v = std::round(std::clamp(v, 0.0f, 1.0f) * 255) / 255;
  return picture;
}

// CPSNR over all three channels of 8-bit values, 10-pixel border excluded.
double cpsnr_db(const Image<float>& picture, const Cfa& cfa) {
  Image<float> mosaic(picture.width(), picture.height());
  for (int y = 0; y < mosaic.height(); ++y)
    for (int x = 0; x < mosaic.width(); ++x) {
      const float v = picture(x, y, int(cfa.at(x, y)));
      mosaic(x, y) = v * v;  // the network works on square roots
    }
  constexpr int border = 10;
  return psnr(eight_bits(demosaic_picture(mosaic, cfa, {})), picture,
              Crop{border, border, picture.width() - 2 * border, picture.height() - 2 * border})
      .combined_db;
}

double mean_cpsnr_db(const std::string& set) {
  constexpr auto red = CfaColor::red, green = CfaColor::green, blue = CfaColor::blue;
  const Cfa rggb{{red, green, green, blue}}, grbg{{green, red, blue, green}};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(set)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  double sum = 0;
  for (const auto& file : files) {
    const Image<float> picture = read_image(file.string());
    const double a = cpsnr_db(picture, rggb), b = cpsnr_db(picture, grbg);
    fmt::print("demosaic, {}: {:.2f} dB RGGB, {:.2f} dB GRBG\n", file.stem().string(), a, b);
    sum += (a + b) / 2;
  }
  const double mean = sum / double(files.size());
  fmt::print("demosaic, {}, mean of {}: {:.2f} dB\n",
             std::filesystem::path(set).filename().string(), files.size(), mean);
  return mean;
}

const std::string data = LICHTBILD_ROOT "/../shared/data/demosaic";

TEST(DemosaicQuality, Kodak) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "needs ../shared/data";
  EXPECT_GE(mean_cpsnr_db(data + "/kodak"), 39.17);  // AMaZE
}

TEST(DemosaicQuality, McMaster) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "needs ../shared/data";
  EXPECT_GE(mean_cpsnr_db(data + "/mcmaster"), 35.95);  // AMaZE
}

}  // namespace
}  // namespace lichtbild
