// What merging gains, on bursts made from clean pictures: the figures of docs/numbers.md.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "burst/burst.h"
#include "core/temporary_folder.h"
#include "measure/measure.h"
#include "moving_scene.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

const std::string kodak = LICHTBILD_ROOT "/../shared/data/demosaic/kodak/";
const NoiseModel noise{{7e-4, 7e-4, 7e-4}, {2e-6, 2e-6, 2e-6}};  // as of a phone at ISO 400

// Eight hand-held frames: the first is the reference, shifts up to 12 samples, rotations up to half
// a degree.
const std::vector<SceneMotion> hand = {{0, 0, 0},         {1.3, -0.6, 0.05}, {-2.7, 3.2, -0.12},
                                       {5.4, 1.9, 0.2},   {-7.8, -4.5, 0.3}, {9.6, -8.3, -0.4},
                                       {-10.9, 6.7, 0.5}, {11.7, 11.2, -0.5}};

Image<float> linear_picture(const std::string& path) {
  Image<float> image = read_image(path);
  constexpr float headroom = 0.8f;  // exposed so that noise does not clip
  for (float& v : image.samples())
    v = headroom * (v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f));
  return image;
}

// Twice the size by Lanczos: as sharp as a phone's lens leaves a picture at twelve megapixels,
// detail up to half the Nyquist frequency.
Image<float> enlarged(const Image<float>& small) {
  const MovingScene scene(small.clone(), 0);
  Image<float> large(small.width() * 2, small.height() * 2, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < large.height(); ++y)
      for (int x = 0; x < large.width(); ++x)
        large(x, y, c) = scene.sample((x - 0.5) / 2, (y - 0.5) / 2, c);
  return large;
}

struct Burst {
  std::vector<RawInfo> infos;
  std::vector<Image<float>> clean, noisy;

  void add(Image<float> mosaic, unsigned seed) {
    RawInfo info;
    info.path = fmt::format("frame {}", infos.size() + 1);
    info.width = mosaic.width();
    info.height = mosaic.height();
    info.crop = {0, 0, info.width, info.height};
    info.noise = noise;
    info.color.illuminants[0] = {6504, Matrix3::identity(), {}, Matrix3::identity()};
    infos.push_back(info);
    clean.push_back(std::move(mosaic));
    noisy.push_back(clean.back().clone());
    add_noise(noisy.back(), info.cfa, noise, seed);
    for (float& s : noisy.back().samples()) s = std::min(s, 1.0f);  // as a converter does
  }
  MergedFrame merge() const {
    const auto no_estimate = [](const RawFrame&) -> NoiseModel {
      ADD_FAILURE() << "the frames carry their noise model";
      return {};
    };
    return merge_burst(infos,
                       [this](int k) {
                         return RawFrame{infos[k], noisy[k].clone()};
                       },
                       no_estimate, {.reference = 1});
  }
};

Burst hand_held(const MovingScene& scene) {
  Burst burst;
  for (const SceneMotion& motion : hand)
    burst.add(scene.mosaic(motion, {}), unsigned(100 + burst.infos.size()));
  return burst;
}

Crop inside(const Image<float>& image) { return {24, 24, image.width() - 48, image.height() - 48}; }

// Gain in PSNR of the merged mosaic over the reference frame.
double gain_db(const Image<float>& merged, const Burst& burst, const Crop& crop) {
  return psnr(merged, burst.clean[0], crop).combined_db -
         psnr(burst.noisy[0], burst.clean[0], crop).combined_db;
}

bool has_pictures() { return std::filesystem::exists(kodak); }

TEST(MergeQuality, GainsOverTheReference) {
  if (!has_pictures()) GTEST_SKIP() << "needs ../shared/data";
  for (const char* name : {"kodim03", "kodim07", "kodim23"}) {
    const Burst burst = hand_held(MovingScene(enlarged(linear_picture(kodak + name + ".png")), 20));
    MergedFrame merged = burst.merge();
    const double gain = gain_db(merged.frame.mosaic, burst, inside(burst.clean[0]));
    // The figure that counts is that of the file.
    const TemporaryFolder folder;
    const std::string path = folder.file("merged.dng");
    write_dng(merged.frame, path);
    const double of_file = gain_db(read_raw(path).mosaic, burst, inside(burst.clean[0]));
    fmt::print(
        "merge, {} at a phone's sharpness: {:.2f} dB over the reference, {:.2f} dB in the DNG, "
        "{:.2f} effective frames\n",
        name, gain, of_file, merged.report.effective_frames);
    EXPECT_GE(of_file, 8.0) << name;
  }
}

TEST(MergeQuality, NeverLosesDetailThatIsTooFineToMove) {
  if (!has_pictures()) GTEST_SKIP() << "needs ../shared/data";
  for (const char* name : {"kodim01", "kodim13"}) {
    const Burst burst = hand_held(MovingScene(linear_picture(kodak + name + ".png"), 20));
    const double gain = gain_db(burst.merge().frame.mosaic, burst, inside(burst.clean[0]));
    fmt::print("merge, {} as sharp as the sensor samples: {:.2f} dB over the reference\n", name,
               gain);
    EXPECT_GT(gain, -0.05) << name;
  }
}

// A disk cut from elsewhere in the picture moves by itself over the scene.
void paste_disk(Image<float>& mosaic, const Image<float>& from, int center_x, int center_y,
                int dx) {
  constexpr int radius = 60;
  for (int y = -radius; y < radius; ++y)
    for (int x = -radius; x < radius; ++x)
      if (x * x + y * y < radius * radius)
        mosaic(center_x + 2 * dx + x, center_y + y) =
            from(from.width() / 4 + (x & ~1) + (x & 1) + 100, from.height() / 4 + y + 100);
}

TEST(MergeQuality, MovingThingsAreNotWorseThanOneFrame) {
  if (!has_pictures()) GTEST_SKIP() << "needs ../shared/data";
  const MovingScene scene(enlarged(linear_picture(kodak + "kodim07.png")), 20);
  const Image<float> other =
      MovingScene(enlarged(linear_picture(kodak + "kodim23.png")), 20).mosaic({}, {});
  for (int speed : {1, 4, 9}) {
    Burst burst;
    const int x = scene.width() / 2 & ~1, y = scene.height() / 2 & ~1;
    for (const SceneMotion& motion : hand) {
      Image<float> mosaic = scene.mosaic(motion, {});
      paste_disk(mosaic, other, x, y, speed * int(burst.infos.size()));
      burst.add(std::move(mosaic), unsigned(100 + burst.infos.size()));
    }
    const Image<float> merged = burst.merge().frame.mosaic;
    // Where the disk is in the reference, and where it passes.
    const double on = gain_db(merged, burst, {x - 60, y - 60, 120, 120});
    const double path = gain_db(merged, burst, {x + 62, y - 60, 2 * speed * 7, 120});
    fmt::print("merge, disk moving {} samples a frame: {:.2f} dB on it, {:.2f} dB in its path\n",
               2 * speed, on, path);
    EXPECT_GT(on, -0.5);
    EXPECT_GT(path, -0.5);
  }
}

TEST(MergeQuality, AFrameOfAnotherSceneCostsNothing) {
  if (!has_pictures()) GTEST_SKIP() << "needs ../shared/data";
  const MovingScene scene(enlarged(linear_picture(kodak + "kodim07.png")), 20);
  Burst burst = hand_held(scene);
  burst.infos.pop_back();
  burst.clean.pop_back();
  burst.noisy.pop_back();
  const double without = gain_db(burst.merge().frame.mosaic, burst, inside(burst.clean[0]));
  burst.add(MovingScene(enlarged(linear_picture(kodak + "kodim23.png")), 20).mosaic({}, {}), 500);
  const MergedFrame merged = burst.merge();
  const double with = gain_db(merged.frame.mosaic, burst, inside(burst.clean[0]));
  fmt::print("merge, seven frames {:.2f} dB, and with one of another scene {:.2f} dB\n", without,
             with);
  EXPECT_GT(with, without - 0.2);
  EXPECT_FALSE(merged.report.frames.back().merged);
  EXPECT_FALSE(merged.report.frames.back().left_out_because.empty());
}

TEST(MergeQuality, BracketsExtendTheRange) {
  if (!has_pictures()) GTEST_SKIP() << "needs ../shared/data";
  const MovingScene scene(enlarged(linear_picture(kodak + "kodim07.png")), 20);
  constexpr double exposures[] = {1, 0.25, 0.25, 0.25};
  constexpr float scene_gain =
      3.1f;  // the reference clips what is brighter than 0.4 of the picture
  Burst burst;
  Image<float> truth;
  for (int k = 0; k < 4; ++k) {
    Image<float> mosaic = scene.mosaic(hand[k], {});
    for (float& s : mosaic.samples()) s *= scene_gain * float(exposures[k]);
    if (k == 0) truth = mosaic.clone();
    burst.add(std::move(mosaic), 100 + k);
    burst.infos[k].metadata.exposure_time_s = 0.01 * exposures[k];
    burst.infos[k].metadata.iso = 100;
  }
  const Image<float> merged = burst.merge().frame.mosaic;
  double error = 0, clipped_error = 0, signal = 0;
  long count = 0;
  const Crop crop = inside(truth);
  for (int y = crop.y; y < crop.y + crop.height; ++y)
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      if (truth(x, y) < 1.1f) continue;
      error += std::abs(merged(x, y) - truth(x, y));
      clipped_error += std::abs(burst.noisy[0](x, y) - truth(x, y));
      signal += truth(x, y);
      ++count;
    }
  ASSERT_GT(count, 1000);
  fmt::print(
      "merge, bracket: mean error of clipped highlights {:.1f} % of the signal, {:.1f} % in the "
      "reference\n",
      100 * error / signal, 100 * clipped_error / signal);
  EXPECT_LT(error, 0.25 * clipped_error);
}

}  // namespace
}  // namespace lichtbild
