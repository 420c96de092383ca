#include "develop/shading.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lichtbild {
namespace {

RawInfo plain_info(int width, int height) {
  RawInfo info;
  info.width = width;
  info.height = height;
  return info;
}

// A map for every sample (pitch 1) or for a phase of the mosaic (pitch 2).
GainMap some_map(const RawInfo& info, int rows, int columns, int pitch, int phase, unsigned seed) {
  GainMap map{.top = phase / 2,
              .left = phase % 2,
              .bottom = info.height,
              .right = info.width,
              .row_pitch = pitch,
              .column_pitch = pitch,
              .rows = rows,
              .columns = columns,
              .spacing_y = 1.0 / std::max(rows - 1, 1),
              .spacing_x = 1.0 / std::max(columns - 1, 1),
              .gains = {}};
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(1.2f, 1.6f);
  map.gains.resize(std::size_t(rows) * columns);
  for (float& g : map.gains) g = uniform(random);
  return map;
}

// The gain of a sample as the opcodes have it, computed at the sample itself.
class Twin {
 public:
  Twin(const RawInfo& info, double falloff_kept) : info_(info), kept_(falloff_kept) {}

  double operator()(int x, int y) const {
    const int place = (y & 1) * 2 + (x & 1);
    double sum = 0;
    for (int p = 0; p < 4; ++p) sum += of_place(x, y, p);
    return of_place(x, y, place) * std::pow(sum / 4, -kept_);
  }

 private:
  double of_place(int x, int y, int place) const {
    double gain = 1;
    for (const GainMap& map : info_.lens.gain_maps) {
      // A sample of this place that is as good as (x, y).
      if ((place % 2 - map.left) % map.column_pitch != 0 ||
          (place / 2 - map.top) % map.row_pitch != 0)
        continue;
      gain *= of_map(map, double(x) / info_.width, double(y) / info_.height);
    }
    if (info_.lens.vignette) gain *= of_vignette(*info_.lens.vignette, x, y);
    return gain;
  }
  static double of_map(const GainMap& map, double x, double y) {
    // Sum over all nodes of gain times their tent functions.
    double sum = 0;
    for (int j = 0; j < map.rows; ++j)
      for (int i = 0; i < map.columns; ++i) {
        const double u = std::clamp((x - map.origin_x) / map.spacing_x, 0.0, map.columns - 1.0) - i,
                     v = std::clamp((y - map.origin_y) / map.spacing_y, 0.0, map.rows - 1.0) - j;
        sum += map.gains[std::size_t(j) * map.columns + i] * std::max(1 - std::abs(u), 0.0) *
               std::max(1 - std::abs(v), 0.0);
      }
    return sum;
  }
  double of_vignette(const RadialVignette& v, double x, double y) const {
    const double cx = v.center_x * info_.width, cy = v.center_y * info_.height;
    double farthest = 0;
    for (const double corner_x : {0, info_.width})
      for (const double corner_y : {0, info_.height})
        farthest = std::max(farthest, std::hypot(corner_x - cx, corner_y - cy));
    const double r = std::hypot(x - cx, y - cy) / farthest;
    double gain = 1;
    for (int k = 0; k < 5; ++k) gain += v.k[k] * std::pow(r, 2 * (k + 1));
    return gain;
  }
  const RawInfo& info_;
  double kept_;
};

// The farthest of the applied gains from the twin's.
double farthest_gain(const RawInfo& info, double falloff_kept) {
  Image<float> mosaic(info.width, info.height);
  mosaic.fill(1);
  undo_shading(mosaic, info, falloff_kept);
  const Twin twin(info, falloff_kept);
  double farthest = 0;
  for (int y = 0; y < info.height; ++y)
    for (int x = 0; x < info.width; ++x)
      farthest = std::max(farthest, std::abs(mosaic(x, y) - twin(x, y)));
  return farthest;
}

TEST(Shading, NothingToUndo) {
  Image<float> mosaic(34, 18);
  mosaic.fill(0.3f);
  EXPECT_TRUE(undo_shading(mosaic, plain_info(34, 18), 0).empty());
  for (float v : mosaic.samples()) EXPECT_EQ(v, 0.3f);
}

TEST(Shading, AMapWithoutInnerNodesIsExact) {
  for (const auto& [width, height] : {std::pair{2, 2}, {34, 18}, {64, 48}, {130, 70}}) {
    RawInfo info = plain_info(width, height);
    info.lens.gain_maps = {some_map(info, 2, 2, 1, 0, 1)};
    // Bilinear in cells is bilinear: float only. The last cell reaches beyond the picture, where
    // the map holds its edge: up to one cell's slope there.
    const double slope = 0.4 * 16 / std::min(width, height);
    EXPECT_LT(farthest_gain(info, 0), width % 16 == 0 && height % 16 == 0 ? 1e-5 : slope);
  }
}

TEST(Shading, MapsOfEachPhaseApplyToTheirSamplesOnly) {
  RawInfo info = plain_info(256, 192);
  for (int phase = 0; phase < 4; ++phase)
    info.lens.gain_maps.push_back(some_map(info, 2, 2, 2, phase, 10 + unsigned(phase)));
  EXPECT_LT(farthest_gain(info, 0), 1e-5);
  // One phase alone leaves the others as they are.
  for (int phase = 0; phase < 4; ++phase) {
    RawInfo one = plain_info(64, 64);
    one.lens.gain_maps = {some_map(one, 2, 2, 2, phase, 5)};
    Image<float> mosaic(64, 64);
    mosaic.fill(1);
    undo_shading(mosaic, one, 0);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x)
        EXPECT_EQ(mosaic(x, y) != 1, (y & 1) * 2 + (x & 1) == phase) << x << " " << y;
  }
}

TEST(Shading, NodesBetweenTheCellsCostLittle) {
  RawInfo info = plain_info(640, 480);
  info.lens.gain_maps = {some_map(info, 7, 9, 1, 0, 3)};
  // A kink of the gain inside a cell of 16 samples: the change of slope, up to 0.8 in 80 samples,
  // times a quarter of a cell, across and down.
  EXPECT_LT(farthest_gain(info, 0), 2 * 0.8 / 80 * 16 / 4);
}

TEST(Shading, Vignette) {
  RawInfo info = plain_info(640, 480);
  info.lens.vignette = RadialVignette{{0.5, -0.1, 0.05, 0.02, 0.01}, 0.48, 0.53};
  // Curvature of the gain (2 k0 / farthest^2 and some) times 16^2 / 8, in two directions.
  EXPECT_LT(farthest_gain(info, 0), 2 * 2.0 / (400.0 * 400.0) * 16 * 16 / 8);
}

TEST(Shading, KeptFalloffKeepsBrightnessAndStillUndoesColor) {
  RawInfo info = plain_info(256, 192);
  for (int phase = 0; phase < 4; ++phase)
    info.lens.gain_maps.push_back(some_map(info, 2, 2, 2, phase, 20 + unsigned(phase)));
  for (const double kept : {0.0, 0.5, 1.0}) {
    // The power of the brightness bends between the cells: second derivative below
    // (0.4 / 192)^2, times 16^2 / 8, in two directions and their product.
    EXPECT_LT(farthest_gain(info, kept), 4 * std::pow(0.4 / 192, 2) * 16 * 16 / 8) << kept;
  }
  Image<float> all(256, 192), half(256, 192), none(256, 192);
  for (Image<float>* mosaic : {&all, &half, &none}) mosaic->fill(1);
  undo_shading(none, info, 0);
  undo_shading(half, info, 0.5);
  undo_shading(all, info, 1);
  for (int y = 0; y < 192; y += 2)
    for (int x = 0; x < 256; x += 2) {
      double sum = 0;
      for (int p = 0; p < 4; ++p) sum += all(x + p % 2, y + p / 2) / 4;
      // Brightness stays; a quad's samples lie one apart, in which gains change by 0.4 / 192.
      ASSERT_NEAR(sum, 1, 0.4 / 192 + 1e-4);
      // Color is undone: ratios inside a quad are those without kept fall-off.
      ASSERT_NEAR(all(x + 1, y) / all(x, y), none(x + 1, y) / none(x, y), 2 * 0.4 / 192);
      ASSERT_NEAR(half(x, y) * half(x, y), all(x, y) * none(x, y), 2e-3);
    }
}

LensProfile shading_lens() {
  LensProfile lens;
  lens.center_x = 0.51, lens.center_y = 0.48;
  for (int i = 0; i <= 32; ++i) {
    const double r = i / 32.0;
    lens.shading.radius.push_back(r);
    for (int c = 0; c < 3; ++c)
      lens.shading.illumination[c].push_back(1 - (0.3 + 0.05 * c) * r * r);
  }
  return lens;
}

TEST(Shading, AProfileTakesThePlaceOfTheFilesOwn) {
  const LensProfile lens = shading_lens();
  RawInfo info = plain_info(640, 480);
  info.lens.vignette = RadialVignette{{0.5, 0, 0, 0, 0}, 0.5, 0.5};
  for (const double kept : {0.0, 1.0}) {
    Image<float> mosaic(640, 480);
    mosaic.fill(1);
    undo_shading(mosaic, info, kept, &lens);
    // 1 / (1 - a r^2) has second derivatives of 4 a g^2 + 8 a^2 g^3 in both directions together,
    // 10.4 for a = 0.4 and the gain g = 1.67, over 400^2; between the points of cells of 16
    // samples.
    constexpr double bend = 10.4 / (400.0 * 400.0) * 16 * 16 / 8;
    for (int y = 0; y < 480; y += 3)
      for (int x = 0; x < 640; x += 3) {
        const double r2 = (std::pow(x + 0.5 - 0.51 * 640, 2) + std::pow(y + 0.5 - 0.48 * 480, 2)) /
                          (320.0 * 320 + 240.0 * 240);
        if (r2 > 0.95) continue;  // the table ends at 1
        const auto gain = [&](int c) { return 1 / (1 - (0.3 + 0.05 * c) * r2); };
        const double brightness = (gain(0) + 2 * gain(1) + gain(2)) / 4;
        ASSERT_NEAR(mosaic(x, y), gain(int(info.cfa.at(x, y))) * std::pow(brightness, -kept), bend)
            << x << " " << y << " " << kept;
      }
  }
}

TEST(Shading, ReturnsTheGainOfBrightness) {
  RawInfo info = plain_info(64, 48);
  info.lens.vignette = RadialVignette{{0.8, 0, 0, 0, 0}, 0.5, 0.5};
  Image<float> mosaic(64, 48);
  mosaic.fill(1);
  const Image<float> gain = undo_shading(mosaic, info, 0);
  ASSERT_EQ(gain.width(), 5);
  ASSERT_EQ(gain.height(), 4);
  EXPECT_NEAR(gain(0, 0), 1.8, 1e-6);
  EXPECT_NEAR(gain(2, 1), 1 + 0.8 * 8 * 8 / (32.0 * 32 + 24 * 24), 1e-6);
}

}  // namespace
}  // namespace lichtbild
