#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "raw/raw.h"

namespace lichtbild {
namespace {

RawFrame flat_frame(int width, int height, const NoiseModel& noise, int seed) {
  RawFrame frame;
  frame.info.width = width, frame.info.height = height;
  frame.info.black = {600, 600, 600}, frame.info.white = {16383, 16383, 16383};
  frame.mosaic = Image<float>(width, height);
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double signal = 0.05 + 0.3 * x / width;
      frame.mosaic(x, y) =
          float(signal + normal(random) * std::sqrt(noise.scale[1] * signal + noise.offset[1]));
    }
  return frame;
}

const NoiseModel shot_and_read{{2e-4, 2e-4, 2e-4}, {2e-7, 2e-7, 2e-7}};

std::set<std::pair<int, int>> places(const std::vector<Defect>& defects) {
  std::set<std::pair<int, int>> set;
  for (const Defect d : defects) set.insert({d.x, d.y});
  return set;
}

TEST(Defects, PlantedInNoiseAreFoundAndOthersAreNot) {
  RawFrame frame = flat_frame(400, 300, shot_and_read, 1);
  std::set<std::pair<int, int>> planted;
  std::mt19937 random(2);
  while (planted.size() < 200) {
    const std::pair place{int(random() % 400), int(random() % 300)};
    if (planted.insert(place).second)
      frame.mosaic(place.first, place.second) += random() & 1 ? 0.25f : -0.2f;
  }
  const auto found = places(find_defects(frame, shot_and_read));
  int hits = 0;
  for (const auto& place : planted) hits += int(found.count(place));
  RecordProperty("hits", hits);
  EXPECT_GE(hits, 180);
  EXPECT_LE(int(found.size()) - hits, 12);  // 0.01 % of 120,000
}

TEST(Defects, TwoOfOneColorSideBySideAreFoundAndRepaired) {
  RawFrame frame = flat_frame(64, 64, {{0, 0, 0}, {1e-8, 1e-8, 1e-8}}, 3);
  frame.mosaic(20, 20) = frame.mosaic(22, 20) = 1;
  const NoiseModel noise{{0, 0, 0}, {1e-8, 1e-8, 1e-8}};
  const auto defects = find_defects(frame, noise);
  EXPECT_EQ(places(defects), (std::set<std::pair<int, int>>{{20, 20}, {22, 20}}));
  repair(frame.mosaic, defects);
  // The gradient is 0.3 / 64 a sample; a diagonal or vertical pair lies on it.
  EXPECT_NEAR(frame.mosaic(20, 20), 0.05 + 0.3 * 20 / 64, 0.3 * 2 / 64);
  EXPECT_NEAR(frame.mosaic(22, 20), 0.05 + 0.3 * 22 / 64, 0.3 * 2 / 64);
}

// Light that passed a lens spreads: points of 1.5 samples full width at half maximum survive.
TEST(Defects, StarsSurvive) {
  RawFrame frame = flat_frame(320, 320, shot_and_read, 4);
  std::mt19937 random(5);
  std::uniform_real_distribution<double> part(-0.5, 0.5);
  const double sigma = 1.5 / 2.3548;
  for (int sy = 16; sy < 310; sy += 16)
    for (int sx = 16; sx < 310; sx += 16) {
      const double cx = sx + part(random), cy = sy + part(random);
      for (int y = sy - 4; y <= sy + 4; ++y)
        for (int x = sx - 4; x <= sx + 4; ++x)
          frame.mosaic(x, y) += float(
              0.5 * std::exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (2 * sigma * sigma)));
    }
  EXPECT_LE(find_defects(frame, shot_and_read).size(), 4u);  // of 361 stars
}

TEST(Defects, TinyFramesHaveNone) {
  for (int size = 2; size < 5; ++size) {
    const RawFrame frame = flat_frame(size, size, shot_and_read, 6);
    EXPECT_TRUE(find_defects(frame, shot_and_read).empty());
  }
}

// A photograph, and the same with planted defects of 0 and full scale.
TEST(Defects, PlantedInAPhotographAreFound) {
  const std::string folder = LICHTBILD_ROOT "/../shared/data/raw/DSC_1339_768x512_rggb";
  if (!std::filesystem::exists(folder + ".raw")) GTEST_SKIP() << "no " << folder << ".raw";
  const auto load = [](const std::string& path) {
    RawFrame frame = flat_frame(768, 512, shot_and_read, 0);
    std::vector<std::uint16_t> dn(frame.mosaic.size());
    std::ifstream(path, std::ios::binary)
        .read(reinterpret_cast<char*>(dn.data()), std::streamsize(2 * dn.size()));
    for (std::size_t i = 0; i < dn.size(); ++i)
      frame.mosaic.samples()[i] = (float(dn[i]) - 600) / (16383 - 600);
    return frame;
  };
  const RawFrame clean = load(folder + ".raw"), spoilt = load(folder + "_bpc_test.raw");
  const auto found = places(find_defects(spoilt, estimate_noise(spoilt)));
  int planted = 0, hits = 0;
  for (int y = 0; y < 512; ++y)
    for (int x = 0; x < 768; ++x)
      if (clean.mosaic(x, y) != spoilt.mosaic(x, y)) ++planted, hits += int(found.count({x, y}));
  const double false_percent = 100.0 * (double(found.size()) - hits) / double(spoilt.mosaic.size());
  printf("planted %d, found %d, false %.4f %%\n", planted, hits, false_percent);
  EXPECT_GE(hits, 0.9 * planted);
  EXPECT_LT(false_percent, 0.01);
}

}  // namespace
}  // namespace lichtbild
