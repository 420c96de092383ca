// What merging gains, on bursts made from a clean picture: the figures of docs/numbers.md.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <png.h>

#include <cmath>
#include <filesystem>

#include "burst/burst.h"
#include "moving_scene.h"

namespace lichtbild {
namespace {

Image<float> read_png(const std::string& path) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&png, path.c_str())) return {};
  png.format = PNG_FORMAT_RGB;
  std::vector<unsigned char> bytes(PNG_IMAGE_SIZE(png));
  png_image_finish_read(&png, nullptr, bytes.data(), 0, nullptr);
  Image<float> image(png.width, png.height, 3);
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < 3; ++c) {
        const double v = bytes[(y * image.width() + x) * 3 + c] / 255.0;
        image(x, y, c) = float(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
      }
  return image;
}

const std::string data = LICHTBILD_ROOT "/../shared/data/";
const std::vector<SceneMotion> hand = {{0, 0, 0},         {1.3, -0.6, 0.05}, {-2.7, 3.2, -0.12}, {5.4, 1.9, 0.2},
                                       {-7.8, -4.5, 0.3}, {9.6, -8.3, -0.4}, {-10.9, 6.7, 0.5},  {11.7, 11.2, -0.5}};

struct Burst {
  std::vector<RawInfo> infos;
  std::vector<Image<float>> clean, noisy;
  FrameSource source() {
    return [this](int k) { return RawFrame{infos[k], noisy[k].clone()}; };
  }
};

Burst shoot(const MovingScene& scene, const NoiseModel& noise) {
  Burst burst;
  for (int k = 0; k < int(hand.size()); ++k) {
    RawInfo info;
    info.path = fmt::format("frame {}", k + 1);
    info.width = scene.width();
    info.height = scene.height();
    info.noise = noise;
    burst.infos.push_back(info);
    burst.clean.push_back(scene.mosaic(hand[k], info.cfa));
    burst.noisy.push_back(burst.clean.back().clone());
    add_noise(burst.noisy.back(), info.cfa, noise, 100 + k);
  }
  return burst;
}

double squared_error(const Image<float>& a, const Image<float>& b, const Crop& crop) {
  double sum = 0;
  for (int y = crop.y; y < crop.y + crop.height; ++y)
    for (int x = crop.x; x < crop.x + crop.width; ++x) sum += std::pow(double(a(x, y)) - b(x, y), 2);
  return sum;
}

Crop inside(const Image<float>& image) { return {24, 24, image.width() - 48, image.height() - 48}; }

double gain_db(const Image<float>& merged, const Burst& burst, const Crop& crop) {
  return 10 * std::log10(squared_error(burst.noisy[0], burst.clean[0], crop) / squared_error(merged, burst.clean[0], crop));
}

NoiseModel no_estimate(const RawFrame&) {
  ADD_FAILURE() << "the frames carry their noise model";
  return {};
}

// Twice the size by Lanczos: as sharp as a telephone's lens leaves a picture at twelve megapixels.
Image<float> enlarged(const Image<float>& small) {
  const MovingScene scene(small.clone(), 0);
  Image<float> large(small.width() * 2, small.height() * 2, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < large.height(); ++y)
      for (int x = 0; x < large.width(); ++x) large(x, y, c) = scene.sample((x - 0.5) / 2, (y - 0.5) / 2, c);
  return large;
}

TEST(MergeQuality, GainOverTheReference) {
 for (int big : {0, 1})
  for (const char* name : {"kodim01", "kodim07", "kodim13"})
  for (double a : {2e-4, 7e-4, 3e-3}) {
    const NoiseModel noise{{a, a, a}, {a * a * 4, a * a * 4, a * a * 4}};
    Image<float> p = read_png(data + "demosaic/kodak/" + name + ".png");
    const MovingScene scene(big ? enlarged(p) : std::move(p), 20);
    Burst burst = shoot(scene, noise);
    const MergedFrame merged = merge_burst(burst.infos, burst.source(), no_estimate, {.reference = 1});
    fmt::print("{} noise {}: {:.2f} dB, {:.2f} effective frames\n", name, a, gain_db(merged.frame.mosaic, burst, inside(burst.clean[0])),
               merged.report.effective_frames);
    for (const FrameReport& frame : merged.report.frames) fmt::print(" {:.2f}", frame.weight);
    fmt::print("\n");
  }
}

}  // namespace
}  // namespace lichtbild
