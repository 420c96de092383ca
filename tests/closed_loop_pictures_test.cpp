// The closed loop, in pictures: what the developer makes of simulated frames against the scene that
// they were shot of.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/checker_reference.h"
#include "closed_loop.h"
#include "core/color.h"
#include "measure/channel.h"
#include "measure/color_checker.h"
#include "measure/distortion.h"
#include "measure/measure.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

using testing_loop::data;

class ClosedLoopPictures : public testing_loop::ClosedLoop {
 protected:
  static DevelopOptions options() {
    DevelopOptions options;
    options.camera = testing_loop::main_camera_file;
    options.data_folder = data;
    return options;
  }
  // Scene-linear.
  static Image<float> developed(const std::vector<std::string>& frames,
                                const DevelopOptions& options, PhotoReport* report = nullptr) {
    const std::string path = folder->file("developed.exr");
    const PhotoReport done = develop_photo(frames, path, options);
    if (report) *report = done;
    return read_image(path);
  }
};

TEST_F(ClosedLoopPictures, ColorCheckerUnderThreeLights) {
  const cli::CheckerReference reference = cli::read_checker_reference(data);
  const Matrix3 xyz_d50 = adapt(white_d65, white_d50) * xyz_from_rec2020();
  for (const char* illuminant : {"D65", "A", "LED-B3"}) {
    ShootOptions shoot;
    shoot.illuminant = illuminant;
    // The light is measured as a photographer does: on a white card in the middle.
    DevelopOptions develop = options();
    develop.develop.white_balance = {WhiteBalance::Kind::picked, {}, 2048, 1536};
    PhotoReport card;
    developed(shot("chart:flat", shoot, "card"), develop, &card);
    const auto frames = shot("chart:color", shoot, "checker");
    const auto errors_with = [&](const WhiteBalance& white) {
      develop.develop.white_balance = white;
      const Image<float> picture = developed(frames, develop);
      const FoundChecker found = find_color_checker(picture, reference.xyz_d50, "checker");
      PatchColors seen;
      for (int i = 0; i < checker_patches; ++i) seen[i] = xyz_d50 * found.mean[i];
      return color_errors(seen, reference.xyz_d50, xyz_from_chromaticity(white_d50));
    };
    const ColorErrors right =
        errors_with({WhiteBalance::Kind::temperature, card.develop.temperature});
    const ColorErrors as_shot = errors_with({});
    std::printf(
        "ColorChecker under %s: delta-E2000 %.2f (max %.2f) with the card's white, %.2f (%.2f) as "
        "shot\n",
        illuminant, right.mean, right.max, as_shot.mean, as_shot.max);
    EXPECT_LT(right.mean, 2.0) << illuminant;
    // The estimate of the light is no part of the bar; far off it must not be.
    EXPECT_LT(as_shot.mean, 3.5) << illuminant;
  }
}

TEST_F(ClosedLoopPictures, AGridIsStraightAndOfOneColor) {
  ShootOptions shoot;
  shoot.noise = false;
  for (const char* name : {"main", "ultra-wide", "tele"}) {
    DevelopOptions develop = options();
    develop.camera = data + "/cameras/" + name + ".camera.toml";
    const auto frames = shot("chart:grid", shoot, name, read_camera(develop.camera));
    const Image<float> picture = developed(frames, develop);
    const GridDistortion found = grid_distortion(picture, channels_of(picture), name);
    std::printf("%s: %.3f px RMS from a grid, red %.3f, blue %.3f px from green\n", name,
                found.from_grid.rms_px, found.red_from_green.rms_px, found.blue_from_green.rms_px);
    EXPECT_GT(found.crossings.size(), 300u);
    EXPECT_LT(found.from_grid.rms_px, 0.1) << name;
    EXPECT_LT(found.red_from_green.rms_px, 0.1) << name;
    EXPECT_LT(found.blue_from_green.rms_px, 0.1) << name;
  }
}

// At the camera's largest ISO, where noise is most of the error: what color matrix and sharpness
// leave is common to one frame and eight (42 dB here), and hides the gain where there is less noise
// (docs/numbers.md).
TEST_F(ClosedLoopPictures, EightShakenFramesAreBetterThanOne) {
  ShootOptions shoot;
  shoot.frames = 8;
  shoot.shake = 1;
  shoot.iso = main_camera().sensor->largest_iso;
  shoot.truth = folder->file("truth.exr");
  auto frames = shot(data + "/scenes/carrots.exr", shoot, "burst");
  const Image<float> truth = read_image(shoot.truth);
  DevelopOptions develop = options();
  develop.develop.luma_noise_reduction = develop.develop.chroma_noise_reduction = 0;
  develop.burst.reference = 1;
  const auto db = [&] {
    Image<float> picture = developed(frames, develop);
    const auto scale = float(best_scale(picture, truth));
    for (float& v : picture.samples()) v *= scale;
    return psnr(picture, truth).combined_db;
  };
  const double merged = db();
  frames.resize(1);
  const double single = db();
  std::printf("eight shaken frames: %.2f dB, one: %.2f dB, gain %.2f dB\n", merged, single,
              merged - single);
  EXPECT_GT(merged - single, 7.5);
}

// Flat patches at a high ISO: what deconvolution adds to their noise.
TEST_F(ClosedLoopPictures, DeconvolutionLeavesNoiseAlone) {
  ShootOptions shoot;
  shoot.iso = 3200;
  const auto frames = shot("chart:flat", shoot, "noisy");
  const auto noise = [&](bool deconvolve) {
    DevelopOptions develop = options();
    develop.develop.deconvolve = deconvolve;
    const Image<float> picture = developed(frames, develop);
    constexpr int side = 64;
    double variance = 0;
    int patches = 0;
    for (int top = 100; top + side < picture.height(); top += 300)
      for (int left = 100; left + side < picture.width(); left += 300, ++patches) {
        double sum = 0, squares = 0;
        for (int y = top; y < top + side; ++y)
          for (int x = left; x < left + side; ++x)
            sum += picture(x, y, 1), squares += std::pow(picture(x, y, 1), 2);
        const double mean = sum / (side * side);
        variance += (squares / (side * side) - mean * mean) / (mean * mean);
      }
    return std::sqrt(variance / patches);
  };
  const double without = noise(false), with = noise(true);
  std::printf("noise of flat patches at ISO 3200: %.5f -> %.5f (x %.3f)\n", without, with,
              with / without);
  EXPECT_LT(with / without, 1.1);
}

}  // namespace
}  // namespace lichtbild
