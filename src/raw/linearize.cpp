#include "raw/linearize.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <mutex>
#include <numeric>

#include "core/error.h"
#include "core/parallel.h"

namespace lichtbild {
namespace {

// Black and 1 / (white - black) of every column of one row of the pattern.
struct RowLevels {
  std::vector<float> black, scale;
};

std::vector<RowLevels> row_levels(const Levels& levels, const Cfa& cfa, int width) {
  std::vector<RowLevels> phases(std::lcm(levels.rows, 2));
  for (int y = 0; y < int(phases.size()); ++y) {
    phases[y].black.resize(width), phases[y].scale.resize(width);
    for (int x = 0; x < width; ++x) {
      const double black = levels.black_at(x, y);
      const double delta = levels.column_delta.empty() ? 0 : levels.column_delta[x];
      phases[y].black[x] = float(black + delta);
      phases[y].scale[x] = float(1 / (levels.white[int(cfa.at(x, y))] - black));
    }
  }
  return phases;
}

void linearize_row(const std::uint16_t* dn, int width, const RowLevels& levels, float delta,
                   float* out) {
  const float* black = levels.black.data();
  const float* scale = levels.scale.data();
  for (int x = 0; x < width; ++x) out[x] = (float(dn[x]) - black[x] - delta) * scale[x];
}

void swap_bytes(std::vector<std::uint16_t>& row) {
  for (std::uint16_t& dn : row) dn = std::uint16_t(dn << 8 | dn >> 8);
}

}  // namespace

void check_levels(const Levels& levels, const Cfa& cfa, const std::string& where) {
  const int rows = std::lcm(levels.rows, 2), columns = std::lcm(levels.columns, 2);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const double black = levels.black_at(x, y), white = levels.white[int(cfa.at(x, y))];
      if (!(black < white) || !std::isfinite(black) || !std::isfinite(white))
        throw Error(where, fmt::format("black level {} is not below white level {}", black, white),
                    "correct the levels, for example with exiftool");
    }
}

void describe_levels(const Levels& levels, RawInfo& info) {
  std::array<double, 3> sum{}, count{};
  for (int y = 0; y < std::lcm(levels.rows, 2); ++y)
    for (int x = 0; x < std::lcm(levels.columns, 2); ++x) {
      const int color = int(info.cfa.at(x, y));
      sum[color] += levels.black_at(x, y), ++count[color];
    }
  for (int color = 0; color < 3; ++color) info.black[color] = sum[color] / count[color];
  info.white = levels.white;
  info.bits = std::log2(*std::ranges::max_element(levels.white) + 1);
}

Image<float> linearize(const Samples& samples, int width, int height, const Cfa& cfa,
                       const Levels& levels) {
  Image<float> mosaic(width, height);
  const std::vector<RowLevels> phases = row_levels(levels, cfa, width);
  const bool swapped = samples.big_endian == (std::endian::native == std::endian::little);
  parallel_rows(height, [&](int first, int last) {
    std::vector<std::uint16_t> row(width);
    for (int y = first; y < last; ++y) {
      // The copy of one row stays in the first-level cache and frees us from the file's alignment.
      std::memcpy(row.data(), samples.first + y * samples.row_bytes, 2 * std::size_t(width));
      if (swapped) swap_bytes(row);
      const double delta = levels.row_delta.empty() ? 0 : levels.row_delta[y];
      linearize_row(row.data(), width, phases[y % phases.size()], float(delta), mosaic.row(y));
    }
  });
  return mosaic;
}

namespace {

constexpr int bins = 4096;  // over signals 0..1

// Every fourth pair of rows is enough to see a pile.
std::array<std::vector<int>, 3> histograms_of(const RawFrame& frame) {
  using Histograms = std::array<std::vector<int>, 3>;
  const auto empty = [] {
    Histograms histograms;
    for (auto& histogram : histograms) histogram.assign(bins + 1, 0);
    return histograms;
  };
  Histograms all = empty();
  std::mutex mutex;
  const RawInfo& info = frame.info;
  parallel_rows((info.height + 7) / 8, [&](int first, int last) {
    Histograms some = empty();
    for (int y = 8 * first; y < std::min(8 * last, info.height); y += y & 1 ? 7 : 1)
      for (int side = 0; side < 2; ++side) {
        auto& histogram = some[int(info.cfa.at(side, y))];
        const float* row = frame.mosaic.row(y);
        for (int x = side; x < info.width; x += 2)
          ++histogram[int(std::clamp(row[x] + 0.5f / bins, 0.0f, 1.0f) * bins)];
      }
    const std::lock_guard lock(mutex);
    for (int color = 0; color < 3; ++color)
      std::ranges::transform(all[color], some[color], all[color].begin(), std::plus());
  });
  return all;
}

// The top level of a histogram when far more samples stand there than in the whole stretch below
// it; `step` is one digital number in bins.
double pile_of(const std::vector<int>& histogram, int step) {
  int top = bins;
  while (top > 0 && histogram[top] == 0) --top;
  const int stretch = std::max(32, 8 * step);
  if (top < stretch + step || top > 0.97 * bins) return 1;
  const int* end = histogram.data() + top + 1;
  const int below = std::accumulate(end - stretch - 1, end - step, 0);
  const int pile = std::accumulate(end - step, end, 0);
  return pile > 64 && pile > below ? double(top) / bins : 1;
}

// The lower edge of a spike that noise cannot have left: most samples for a good way around stand
// within a fraction of the noise's deviation, and hardly any above. Cameras that clip before their
// white level, and then scale or compress, leave such a spike with stragglers.
double spike_of(const std::vector<int>& histogram, double scale, double offset) {
  constexpr int width = 16, around = 100;
  long above = 0;
  for (int k = bins - width; k > bins / 2; --k) {
    const auto sum = [&](int first, int last) {
      return std::accumulate(histogram.begin() + first,
                             histogram.begin() + std::min(last, bins + 1), 0L);
    };
    const int far = k + width + around;
    if (far <= bins) above += histogram[far];
    const double deviation = std::sqrt(scale * k / bins + offset);
    const long inside = sum(k, k + width);
    if (inside < 500 || deviation * bins < 2.5 * width || above > inside / 20) continue;
    if (inside > 0.6 * double(sum(k - around, far)) && histogram[k] > inside / 50)
      return double(k) / bins;
  }
  return 1;
}

float peak_of(const RawFrame& frame, CfaColor color) {
  const auto& [info, mosaic] = frame;
  float peak = -1;
  for (int y = 0; y < info.height; ++y)
    for (int side = 0; side < 2; ++side)
      if (info.cfa.at(side, y) == color)
        for (int x = side; x < info.width; x += 2) peak = std::max(peak, mosaic(x, y));
  return peak;
}

bool is_above(const std::vector<int>& histogram, double signal) {
  const auto first = histogram.begin() + std::ptrdiff_t(std::min(signal, 1.0) * bins) + 2;
  return std::any_of(std::min(first, histogram.end()), histogram.end(),
                     [](int n) { return n > 0; });
}

// Files made from white-balanced data stop at the neutral of each color: red or blue ends there
// exactly, within one digital number, and no color goes beyond.
bool stops_at_neutral(const RawFrame& frame, const std::array<std::vector<int>, 3>& histograms) {
  const RawInfo& info = frame.info;
  const Vector3& neutral = info.color.as_shot_neutral;
  for (int color = 0; color < 3; ++color)
    if (is_above(histograms[color], neutral[color])) return false;
  return std::ranges::any_of(std::array{0, 2}, [&](int color) {
    const double step = 1 / (info.white[color] - info.black[color]);
    return neutral[color] < 0.97 &&
           std::abs(peak_of(frame, CfaColor(color)) - neutral[color]) <= step;
  });
}

}  // namespace

Vector3 find_clip(const RawFrame& frame, const Levels& levels) {
  const auto histograms = histograms_of(frame);
  const bool at_neutral = stops_at_neutral(frame, histograms);
  Vector3 clip{1, 1, 1};
  for (int color = 0; color < 3; ++color) {
    const double steps = levels.white[color] - frame.info.black[color];
    clip[color] = pile_of(histograms[color], int(std::ceil(bins / steps)));
    if (const auto& noise = frame.info.noise; noise && clip[color] == 1)
      clip[color] = spike_of(histograms[color], noise->scale[color], noise->offset[color]);
    if (at_neutral) clip[color] = std::min(clip[color], frame.info.color.as_shot_neutral[color]);
  }
  return clip;
}

}  // namespace lichtbild
