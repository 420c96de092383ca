// Pictures as scenes: their colors, and what can be no light.
#include "scene/scene.h"

#include <gtest/gtest.h>
#include <tiffio.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "picture/icc_bytes.h"

namespace lichtbild {
namespace {

// A TIFF of one row of RGB floats, gone with the object.
class FloatTiff {
 public:
  FloatTiff(std::vector<float> samples, const std::string& profile)
      : path_((std::filesystem::temp_directory_path() /
               ("lichtbild-scene-" + std::to_string(::getpid()) + ".tif"))
                  .string()) {
    TIFF* tiff = TIFFOpen(path_.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, int(samples.size() / 3));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1);
    if (!profile.empty())
      TIFFSetField(tiff, TIFFTAG_ICCPROFILE, std::uint32_t(profile.size()), profile.data());
    TIFFWriteScanline(tiff, samples.data(), 0, 0);
    TIFFClose(tiff);
  }
  ~FloatTiff() { std::filesystem::remove(path_); }
  FloatTiff(const FloatTiff&) = delete;
  FloatTiff& operator=(const FloatTiff&) = delete;

  SceneImage scene() const { return std::get<SceneImage>(read_scene(path_, "no charts here")); }

 private:
  std::string path_;
};

// Display P3's red in linear Rec.2020, as published (CSS Color 4).
TEST(SceneImage, AProfileIsHonored) {
  const SceneImage scene = FloatTiff({1, 0, 0}, display_p3_profile()).scene();
  constexpr std::array<double, 3> red{0.753833, 0.045744, 0};  // -0.00121: no light is negative
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(scene.rec2020(0, 0, c), red[c], 2e-4);
  EXPECT_EQ(scene.negative, 0);  // of the file's own
}

TEST(SceneImage, WhatIsNoLightIsBlackAndCounted) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(),
                  infinite = std::numeric_limits<float>::infinity();
  const SceneImage scene =
      FloatTiff({nan, nan, nan, infinite, -infinite, 0, -1, -2, -3, 2, 2, 2}, "").scene();
  EXPECT_EQ(scene.not_finite, 5);
  EXPECT_EQ(scene.negative, 3);
  for (int c = 0; c < 3; ++c) {
    for (int x = 0; x < 3; ++x) EXPECT_EQ(scene.rec2020(x, 0, c), 0);
    EXPECT_NEAR(scene.rec2020(3, 0, c), 2, 1e-5);
  }
}

}  // namespace
}  // namespace lichtbild
