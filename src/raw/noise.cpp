// estimate_noise: variance against signal from the frame's flat places (after Foi et al. 2008,
// "Practical Poissonian-Gaussian noise modeling", with quantiles in the place of segmentation).
//
// Each color plane is cut into blocks. A block's variance is that of its response to the mask
// [1 -2 1] x [1 -2 1] (Immerkaer 1996), which is blind to gradients. Blocks of like brightness
// share a bin; texture only adds variance, so a low quantile of the bin belongs to flat blocks and,
// divided by the same quantile of the chi-square distribution, gives their variance. A line through
// the bins, weighted by their certainty, is the model. Last, the share of flat blocks in the frame
// is read from how fast the quantiles rise, and what the textured ones lent to the low quantile is
// taken off.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "raw/raw.h"

namespace lichtbild {
namespace {

constexpr int block = 16;             // samples of one color along a side
constexpr int wanted_blocks = 16000;  // of the whole frame: more add time, not certainty
constexpr int blocks_in_bin = 120;    // at least
constexpr double quantile = 0.05;
// A block has 14 x 14 responses, of which neighbors depend on each other: with autocorrelation
// 1, -2/3, 1/6 along each axis, n^2 / sum of squared correlations = 196^2 / 26.22^2.
constexpr double degrees_of_freedom = 55.9;

struct BlockNoise {
  double mean, variance;
};

// The normal quantile by bisection; a few dozen calls in all.
double normal_quantile(double share) {
  double low = -8, high = 8;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
  }
  return low;
}

// Quantile of chi-square over its degrees of freedom (Wilson and Hilferty 1931).
double chi_square_ratio(double share) {
  const double v = 2 / (9 * degrees_of_freedom);
  return std::pow(1 - v + normal_quantile(share) * std::sqrt(v), 3);
}

// The block whose first sample is (x0, y0), every second sample of every second row.
BlockNoise measure(const Image<float>& mosaic, int x0, int y0) {
  float plane[block][block], across[block][block - 2];
  double sum = 0, squares = 0;
  for (int y = 0; y < block; ++y) {
    const float* row = mosaic.row(y0 + 2 * y) + x0;
    for (int x = 0; x < block; ++x) plane[y][x] = row[2 * x];
    float row_sum = 0;
    for (int x = 0; x < block; ++x) row_sum += plane[y][x];
    for (int x = 0; x < block - 2; ++x)
      across[y][x] = plane[y][x] - 2 * plane[y][x + 1] + plane[y][x + 2];
    sum += row_sum;
  }
  for (int y = 0; y < block - 2; ++y) {
    float row_squares = 0;
    for (int x = 0; x < block - 2; ++x) {
      const float response = across[y][x] - 2 * across[y + 1][x] + across[y + 2][x];
      row_squares += response * response;
    }
    squares += row_squares;
  }
  // The squared norm of the mask is 36.
  return {sum / (block * block), squares / (36.0 * (block - 2) * (block - 2))};
}

// The lowest and highest signal of a block tell whether its noise was cut off.
bool is_clipped(const Image<float>& mosaic, int x0, int y0, float floor, float ceiling) {
  int low = 0;
  for (int y = 0; y < block; ++y) {
    const float* row = mosaic.row(y0 + 2 * y) + x0;
    for (int x = 0; x < block; ++x) {
      if (row[2 * x] >= ceiling) return true;
      low += row[2 * x] <= floor;
    }
  }
  return low > block * block / 50;
}

std::vector<BlockNoise> measure_color(const RawFrame& frame, CfaColor color) {
  const RawInfo& info = frame.info;
  const int c = int(color), step_y = 2 * block;
  const double all = double(frame.mosaic.size()) / (4.0 * block * block);
  const int step_x = 2 * block * std::max(1, int(all * 4 / wanted_blocks));
  const auto floor = float(-info.black[c] / std::max(1.0, info.white[c] - info.black[c]) + 1e-7);
  const auto ceiling = float(0.98 * info.clip[c]);
  std::vector<BlockNoise> blocks;
  for (int phase = 0; phase < 4; ++phase) {
    if (info.cfa.at(phase & 1, phase >> 1) != color) continue;
    int shift = 0;  // staggers the blocks from row to row
    for (int y = phase >> 1; y + step_y <= frame.mosaic.height(); y += step_y) {
      shift = (shift + 5 * 2 * block) % step_x;
      for (int x = (phase & 1) + shift; x + 2 * block <= frame.mosaic.width(); x += step_x)
        if (!is_clipped(frame.mosaic, x, y, floor, ceiling))
          blocks.push_back(measure(frame.mosaic, x, y));
    }
  }
  return blocks;
}

struct Line {
  double scale = 0, offset = 0;
  double at(double signal) const { return scale * std::max(signal, 0.0) + offset; }
};

struct Bin {
  double mean, variance, weight;
};

// The low quantile in each bin is taken of the ratio to a first line, so that the darker blocks of
// a bin do not pass for the flatter ones. Bins quieter than rounding itself (`least`) come from
// lossy compression or clipping and are left out.
std::vector<Bin> bins_of(std::vector<BlockNoise> blocks, const Line& first_line, double least) {
  const auto ratio = [&](const BlockNoise& b) {
    return b.variance / std::max(first_line.at(b.mean), least);
  };
  std::ranges::sort(blocks, {}, &BlockNoise::mean);
  const double correction = chi_square_ratio(quantile);
  const std::size_t count = std::clamp<std::size_t>(blocks.size() / blocks_in_bin, 1, 32);
  std::vector<Bin> bins;
  for (std::size_t i = 0; i < count; ++i) {
    const std::span bin(blocks.begin() + std::ptrdiff_t(blocks.size() * i / count),
                        blocks.begin() + std::ptrdiff_t(blocks.size() * (i + 1) / count));
    if (bin.size() < 8) continue;
    const auto low = std::size_t(quantile * double(bin.size()));
    std::ranges::nth_element(bin, bin.begin() + std::ptrdiff_t(low), {}, ratio);
    // The flat blocks are those up to the quantile: the mean is theirs.
    double mean = 0;
    for (const BlockNoise& b : bin.first(low + 1)) mean += b.mean / double(low + 1);
    const double variance = ratio(bin[low]) / correction * std::max(first_line.at(mean), least);
    if (variance >= least) bins.push_back({mean, variance, 1 / (variance * variance)});
  }
  return bins;
}

// Weighted least squares with neither coefficient below zero.
Line fit(const std::vector<Bin>& bins) {
  double w = 0, wm = 0, wmm = 0, wv = 0, wmv = 0;
  for (const Bin& bin : bins) {
    const double mean = std::max(bin.mean, 0.0);
    w += bin.weight, wm += bin.weight * mean, wmm += bin.weight * mean * mean;
    wv += bin.weight * bin.variance, wmv += bin.weight * mean * bin.variance;
  }
  const double determinant = w * wmm - wm * wm;
  if (determinant <= 1e-9 * w * wmm) return {0, w > 0 ? wv / w : 0};
  const Line line{(w * wmv - wm * wv) / determinant, (wmm * wv - wm * wmv) / determinant};
  if (line.scale < 0) return {0, wv / w};
  if (line.offset < 0) return {wmv / wmm, 0};
  return line;
}

// Bins without any flat block lie far above the line: their weight falls until it fits the others.
Line fit_robustly(std::vector<Bin> bins) {
  Line line = fit(bins);
  for (int round = 0; round < 8; ++round) {
    for (Bin& bin : bins) {
      const double model = std::max(line.at(bin.mean), 1e-16);
      const double excess = std::max(bin.variance / model - 1, 0.0) / 0.15;
      bin.weight = 1 / (model * model * (1 + excess * excess));
    }
    line = fit(bins);
  }
  return line;
}

// What the variance of the flat blocks is, as a multiple of the line's. Of all blocks only a share
// f is flat; then the quantile p of all is the quantile p / f of chi-square. The f whose quantiles
// fit best tells the multiple.
double flat_multiple(const std::vector<BlockNoise>& blocks, const Line& line, double least) {
  std::vector<double> ratios;
  for (const BlockNoise& b : blocks)
    if (b.variance > least) ratios.push_back(b.variance / std::max(line.at(b.mean), least));
  if (ratios.size() < 200) return 1;
  std::ranges::sort(ratios);
  double best = 1, smallest = 1e30;
  for (double flat = 0.2; flat < 0.999; flat += 0.05) {
    double sum = 0, squares = 0;
    constexpr int points = 6;
    for (int i = 1; i <= points; ++i) {
      const double share = 0.02 * i;
      const double ratio = ratios[std::size_t(share * double(ratios.size()))];
      const double error = std::log(ratio / chi_square_ratio(share / flat));
      sum += error, squares += error * error;
    }
    const double spread = squares - sum * sum / points;
    if (spread < smallest) smallest = spread, best = std::exp(sum / points);
  }
  return best;
}

}  // namespace

NoiseModel estimate_noise(const RawFrame& frame) {
  NoiseModel noise;
  for (int color = 0; color < 3; ++color) {
    const double span = std::max(1.0, frame.info.white[color] - frame.info.black[color]);
    const double rounding = 1 / (12 * span * span);
    const auto blocks = measure_color(frame, CfaColor(color));
    const Line rough = fit_robustly(bins_of(blocks, {0, 1}, rounding));
    Line line = fit_robustly(bins_of(blocks, rough, rounding));
    const double multiple = flat_multiple(blocks, line, rounding);
    line = {line.scale * multiple, line.offset * multiple};
    noise.scale[color] = line.scale;
    noise.offset[color] = line.scale > 0 ? line.offset : std::max(line.offset, rounding);
  }
  return noise;
}

}  // namespace lichtbild
