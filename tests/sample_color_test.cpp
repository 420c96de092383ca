// The colors of the sample burst's picture: true in the dark, and without blotches.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <vector>

#include "camera.h"
#include "core/temporary_folder.h"
#include "look/oklab.h"
#include "measure/measure.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

std::vector<std::string> frames(int count) {
  std::vector<std::string> paths;
  paths.reserve(count);
  for (int k = 0; k < count; ++k)
    paths.push_back(fmt::format(LICHTBILD_ROOT "/samples/bottles/{}.dng", k));
  return paths;
}

// The front of the dark box, right of the card, in mosaic samples; the burst moves by 3.
constexpr Crop box_front{546, 800, 70, 160};

// Calls f(signal) for the samples of one color.
template <class F>
void for_color(const RawFrame& frame, CfaColor color, const F& f) {
  for (int y = box_front.y; y < box_front.y + box_front.height; ++y)
    for (int x = box_front.x; x < box_front.x + box_front.width; ++x)
      if (frame.info.cfa.at(x, y) == color) f(frame.mosaic(x, y));
}

// The mean of a normal distribution of which whole numbers from 0 up were recorded and everything
// below as 0: the most likely one for this histogram, its deviation being unknown (Tobin 1958).
double mean_before_cut_and_rounding(const std::vector<double>& histogram) {
  const auto below = [](double t) { return 0.5 * std::erfc(-t * M_SQRT1_2); };
  const auto likelihood = [&](double mean, double deviation) {
    double sum = 0;
    for (std::size_t k = 0; k < histogram.size(); ++k) {
      const double upper = below((double(k) + 0.5 - mean) / deviation),
                   lower = k == 0 ? 0 : below((double(k) - 0.5 - mean) / deviation);
      sum += histogram[k] * std::log(upper - lower + 1e-300);
    }
    return sum;
  };
  double best = -1e300, mean = 1, deviation = 2;
  for (double step = 0.5; step > 1e-3; step /= 2)
    for (bool better = true; better;) {
      better = false;
      const double at_mean = mean, at_deviation = deviation;
      for (int i = -1; i <= 1; ++i)
        for (int j = -1; j <= 1; ++j) {
          const double m = at_mean + i * step, d = std::max(at_deviation + j * step, 0.1);
          const double value = likelihood(m, d);
          if (value <= best) continue;
          best = value, mean = m, deviation = d, better = true;
        }
    }
  return mean;
}

TEST(SampleColor, BlackIsNotLiftedByNoiseThatWasCutOff) {
  // Judged by the nine frames' own histograms, which know nothing of our noise model.
  constexpr double white_dn = 960;
  std::vector<RawInfo> infos;
  infos.reserve(9);
  for (const std::string& path : frames(9)) infos.push_back(read_info(path));
  const RawFrame merged = merge_burst(infos, [&](int k) { return read_raw(infos[k].path); },
                                      estimate_noise, {.reference = 1})
                              .frame;
  std::array<std::vector<double>, 3> histograms;
  for (const RawInfo& info : infos) {
    const RawFrame frame = read_raw(info.path);
    for (int c = 0; c < 3; ++c)
      for_color(frame, CfaColor(c), [&](float s) {
        const auto dn = std::size_t(std::lround(s * white_dn));
        if (histograms[c].size() <= dn) histograms[c].resize(dn + 1);
        ++histograms[c][dn];
      });
  }
  for (int c = 0; c < 3; ++c) {
    double recorded = 0, recorded_count = 0, ours = 0, count = 0;
    for (std::size_t k = 0; k < histograms[c].size(); ++k) {
      recorded += double(k) * histograms[c][k];
      recorded_count += histograms[c][k];
    }
    for_color(merged, CfaColor(c), [&](float s) { ours += s * white_dn, ++count; });
    const double truth = mean_before_cut_and_rounding(histograms[c]);
    fmt::print("sample: dark box, {}: recorded {:.2f}, merged {:.2f}, most likely {:.2f} of 960\n",
               c == 0   ? "red"
               : c == 1 ? "green"
                        : "blue",
               recorded / recorded_count, ours / count, truth);
    // The file's noise model, by which black is mended, has a third less variance in the dark than
    // these histograms: 0.1. What noise that was cut off adds unmended: 0.3 to 0.4.
    EXPECT_NEAR(ours / count, truth, 0.15);
  }
}

// Deviation of Oklab's a and b over cells of 16x16 pixels, a plane taken out, relative to the
// lightness: a factor on the exposure changes L, a and b alike, so dark pictures gain nothing.
double blotches(const Image<float>& picture, const Crop& area) {
  constexpr int cell = 16;
  const Matrix3 lms_from_srgb = lms_from_rgb(xyz_from_linear(ColorSpace::srgb));
  const int columns = area.width / cell, rows = area.height / cell;
  std::array<double, 3> sum{}, sum_x{}, sum_y{}, squares{};
  double moment_x = 0, moment_y = 0;
  const auto linear = [](double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      Vector3 mean{};
      for (int y = area.y + j * cell; y < area.y + (j + 1) * cell; ++y)
        for (int x = area.x + i * cell; x < area.x + (i + 1) * cell; ++x) {
          const Vector3 lab = oklab_from_lms(lms_from_srgb * Vector3{linear(picture(x, y, 0)),
                                                                     linear(picture(x, y, 1)),
                                                                     linear(picture(x, y, 2))});
          for (int k = 0; k < 3; ++k) mean[k] += lab[k] / (cell * cell);
        }
      const double u = i - (columns - 1) / 2.0, v = j - (rows - 1) / 2.0;
      moment_x += u * u;
      moment_y += v * v;
      for (int k = 0; k < 3; ++k) {
        sum[k] += mean[k];
        sum_x[k] += mean[k] * u;
        sum_y[k] += mean[k] * v;
        squares[k] += mean[k] * mean[k];
      }
    }
  const double count = double(columns) * rows;
  double variance = 0;
  for (int k = 1; k < 3; ++k)
    variance += (squares[k] - sum[k] * sum[k] / count - sum_x[k] * sum_x[k] / moment_x -
                 sum_y[k] * sum_y[k] / moment_y) /
                (count - 3);
  return std::sqrt(variance) / (sum[0] / count);
}

// Over both fronts of the dark box, the wall, the card and the table.
double blotches(const std::string& name, const Image<float>& picture) {
  constexpr Crop areas[] = {{540, 790, 90, 170},
                            {64, 800, 72, 180},
                            {780, 100, 60, 400},
                            {200, 900, 280, 60},
                            {760, 860, 200, 130}};
  double squares = 0;
  std::string each;
  for (const Crop& area : areas) {
    const double here = blotches(picture, area);
    each += fmt::format(" {:.4f}", here);
    squares += here * here / double(std::size(areas));
  }
  fmt::print("sample: color blotches, {}: {:.4f} (box, box, wall, card, table:{})\n", name,
             std::sqrt(squares), each);
  return std::sqrt(squares);
}

TEST(SampleColor, FlatPlacesHaveNoBlotches) {
  constexpr double visible = 0.02;  // ours stays below, every peer's picture is above
  const auto ours = [](int count, const std::string& look) {
    const TemporaryFolder folder;
    const std::string photo = folder.file("blotches.png");
    DevelopOptions options;
    options.burst.reference = 1;
    options.look = read_look(look, LICHTBILD_ROOT "/data/looks");
    develop_photo(frames(count), photo, options);
    return read_image(photo);
  };
  EXPECT_LT(blotches("nine frames, authentic", ours(9, "authentic")), visible);
  EXPECT_LT(blotches("nine frames, vibrant", ours(9, "vibrant")), visible);
  blotches("one frame, authentic", ours(1, "authentic"));
  const std::string peers = LICHTBILD_ROOT "/../shared/data/peers/bottles-";
  for (const char* peer : {"hdrplus-9frames", "rawtherapee-1frame", "darktable-1frame"}) {
    const std::string path = peers + peer + ".jpg";
    if (!std::filesystem::exists(path)) continue;
    EXPECT_GT(blotches(peer, read_image(path)), visible);
  }
}

}  // namespace
}  // namespace lichtbild
