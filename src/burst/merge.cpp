#include "burst/merge.h"

#include <algorithm>
#include <cmath>

#include "core/halide_buffer.h"
#include "core/lanczos.h"
#include "core/parallel.h"
#include "merge_end.h"
#include "merge_frame.h"
#include "split_quads.h"

namespace lichtbild {
namespace {

constexpr int block = 8;  // quads, as in the kernel
constexpr int taps_reach = lanczos_support / 2;

// What the kernel is told of each block: 0-5 the taps across, 6-11 down, 12 the share of the
// noise's variance that they keep, 13 and 14 how far the place is from a sample (0 on it, 1
// midway), 15 whether the frame covers the block.
constexpr int block_entries = 16;

void describe_block(float* entry, double fraction_x, double fraction_y, bool covered) {
  const auto across = lanczos_taps(fraction_x), down = lanczos_taps(fraction_y);
  float energy_x = 0, energy_y = 0;
  for (int i = 0; i < lanczos_support; ++i) {
    entry[i] = across[i];
    entry[lanczos_support + i] = down[i];
    energy_x += across[i] * across[i];
    energy_y += down[i] * down[i];
  }
  entry[12] = energy_x * energy_y;
  entry[13] = float(std::pow(std::sin(M_PI * fraction_x), 2));
  entry[14] = float(std::pow(std::sin(M_PI * fraction_y), 2));
  entry[15] = covered ? 1 : 0;
}

// The kernel works on whole tiles, and looks a little beyond them.
constexpr int tile_width = 128, tile_height = 32;

double channel(const std::array<double, 3>& values, const Cfa& cfa, int place) {
  return values[int(cfa.colors[place])];
}

}  // namespace

Quads split_quads(const Image<float>& mosaic) {
  const auto whole = [](int size, int tile) {
    return (size + tile - 1) / tile * tile + 2 * Quads::border;
  };
  const int width = mosaic.width() / 2, height = mosaic.height() / 2;
  Quads quads{width, height, Image<float>(whole(width, tile_width), whole(height, tile_height), 4)};
  auto in = halide_buffer(mosaic);
  auto out = halide_buffer(quads.planes);
  out.set_min(-Quads::border, -Quads::border, 0);
  check(::split_quads(in, out));
  return quads;
}

Image<float> begin_sums(const Quads& reference, const Cfa& cfa, const FrameSignal& signal,
                        bool bracket) {
  const int width = reference.width, height = reference.height;
  Image<float> sums(width, height, 6);
  constexpr float next_to_nothing = 1e-3f;
  parallel_rows(height, [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < width; ++x) {
        float weight = 1;
        for (int place = 0; place < 4 && bracket; ++place)
          if (reference(x, y, place) >= channel(signal.clip, cfa, place)) weight = next_to_nothing;
        for (int place = 0; place < 4; ++place) sums(x, y, place) = weight * reference(x, y, place);
        sums(x, y, 4) = weight;
        sums(x, y, 5) = weight * weight;
      }
  });
  return sums;
}

PlacedFrame::PlacedFrame(const Quads& reference_quads, const FrameSignal& reference,
                         const Quads& frame_quads, const FrameSignal& frame, const Cfa& cfa,
                         const MotionField& motion)
    : reference_quads_(reference_quads),
      frame_quads_(frame_quads),
      noise_(4, 4),
      clip_(8, 1),
      gain_(float(frame.gain)) {
  const int size[] = {reference_quads.width, reference_quads.height};
  const int columns = (size[0] + block - 1) / block, rows = (size[1] + block - 1) / block;
  origin_ = Image<std::int32_t>(columns, rows, 2);
  taps_ = Image<float>(block_entries * columns, rows);
  constexpr float tiles_per_block = float(block) / align_tile;
  parallel_rows(rows, [&](int first_row, int last_row) {
    for (int j = first_row; j < last_row; ++j)
      for (int i = 0; i < columns; ++i) {
        const float tx = (i + 0.5f) * tiles_per_block - 0.5f,
                    ty = (j + 0.5f) * tiles_per_block - 0.5f;
        const float shift[] = {sample_grid(motion.u, tx, ty), sample_grid(motion.v, tx, ty)};
        const int start[] = {i * block, j * block};
        float fraction[2];
        bool inside = true;
        for (int axis = 0; axis < 2; ++axis) {
          const float whole = std::floor(shift[axis]);
          const int first = start[axis] + int(whole);
          const int lowest = -Quads::border + taps_reach,
                    highest = size[axis] + Quads::border - block - taps_reach - 1;
          origin_(i, j, axis) = std::clamp(first, lowest, highest);
          fraction[axis] = shift[axis] - whole;
          inside = inside && first >= lowest && first <= highest;
        }
        describe_block(taps_.row(j) + block_entries * i, fraction[0], fraction[1], inside);
      }
  });
  for (int place = 0; place < 4; ++place) {
    noise_(0, place) = float(channel(reference.noise.scale, cfa, place));
    noise_(1, place) = float(channel(reference.noise.offset, cfa, place));
    // In the reference's units the frame's variance is gain^2 (scale s / gain + offset).
    noise_(2, place) = float(channel(frame.noise.scale, cfa, place)) * gain_;
    noise_(3, place) = float(channel(frame.noise.offset, cfa, place)) * gain_ * gain_;
    clip_(place, 0) = float(channel(reference.clip, cfa, place));
    clip_(4 + place, 0) = float(channel(frame.clip, cfa, place));
  }
}

void PlacedFrame::merge(Halide::Runtime::Buffer<float>& sums) const {
  auto reference = halide_buffer(reference_quads_.planes),
       frame = halide_buffer(frame_quads_.planes);
  reference.set_min(-Quads::border, -Quads::border, 0);
  frame.set_min(-Quads::border, -Quads::border, 0);
  auto origin = halide_buffer(origin_);
  auto noise = halide_buffer(noise_);
  Halide::Runtime::Buffer<float> clip(const_cast<float*>(clip_.row(0)), 8);
  Halide::Runtime::Buffer<float> taps(const_cast<float*>(taps_.row(0)), block_entries,
                                      taps_.width() / block_entries, taps_.height());
  check(merge_frame(reference, frame, origin, taps, noise, clip, reference_quads_.width,
                    reference_quads_.height, gain_, sums, sums));
}

double PlacedFrame::agreement() const {
  constexpr int strip = 32, every = 8;  // one strip in eight, at least the one in the middle
  const int width = reference_quads_.width, height = reference_quads_.height;
  Image<float> scratch(width, std::min(strip, height), 6);
  double sum = 0;
  long count = 0;
  const int strips = std::max(1, height / strip / every);
  for (int k = 0; k < strips; ++k) {
    const int top = int((2L * k + 1) * (height - scratch.height()) / (2 * strips));
    scratch.fill(0);
    auto sums = halide_buffer(scratch);
    sums.set_min(0, top, 0);
    merge(sums);
    for (int y = 0; y < scratch.height(); ++y)
      for (int x = 0; x < width; ++x) sum += scratch(x, y, 4);
    count += long(width) * scratch.height();
  }
  // Full agreement weighs a quad by the inverse of its variance: what resampling keeps, over the
  // exposure.
  double full = 0;
  const int blocks = taps_.width() / block_entries * taps_.height();
  for (int k = 0; k < blocks; ++k) full += 1 / taps_.row(0)[block_entries * k + 12];
  full /= blocks * gain_;
  return std::min(1.0, sum / double(count) / full);
}

void PlacedFrame::add_to(Image<float>& sums) const {
  auto buffer = halide_buffer(sums);
  merge(buffer);
}

MergedSums end_sums(const Image<float>& sums) {
  MergedSums merged{Image<float>(sums.width() * 2, sums.height() * 2),
                    Image<float>(sums.width(), sums.height())};
  auto in = halide_buffer(sums);
  auto mosaic = halide_buffer(merged.mosaic), ratio = halide_buffer(merged.variance_ratio);
  check(merge_end(in, mosaic, ratio));
  return merged;
}

}  // namespace lichtbild
