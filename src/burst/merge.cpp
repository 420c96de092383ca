#include "burst/merge.h"

#include <algorithm>
#include <cmath>

#include "core/halide_buffer.h"
#include "core/parallel.h"
#include "merge_end.h"
#include "merge_frame.h"
#include "split_quads.h"

namespace lichtbild {
namespace {

constexpr int block = 8;       // quads, as in the kernel
constexpr int taps_reach = 3;  // samples that the resampling looks to either side

double channel(const std::array<double, 3>& values, const Cfa& cfa, int place) {
  return values[int(cfa.colors[place])];
}

}  // namespace

Image<float> split_quads(const Image<float>& mosaic, int border) {
  Image<float> planes(mosaic.width() / 2 + 2 * border, mosaic.height() / 2 + 2 * border, 4);
  auto in = halide_buffer(mosaic);
  auto out = halide_buffer(planes);
  out.set_min(-border, -border, 0);
  check(::split_quads(in, out));
  return planes;
}

Image<float> begin_sums(const Image<float>& reference_quads, const Cfa& cfa,
                        const FrameSignal& signal, bool bracket) {
  const int width = reference_quads.width();
  Image<float> sums(width, reference_quads.height(), 6);
  constexpr float next_to_nothing = 1e-3f;
  parallel_rows(reference_quads.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < width; ++x) {
        float weight = 1;
        for (int place = 0; place < 4 && bracket; ++place)
          if (reference_quads(x, y, place) >= channel(signal.clip, cfa, place))
            weight = next_to_nothing;
        for (int place = 0; place < 4; ++place)
          sums(x, y, place) = weight * reference_quads(x, y, place);
        sums(x, y, 4) = weight;
        sums(x, y, 5) = weight * weight;
      }
  });
  return sums;
}

PlacedFrame::PlacedFrame(const Image<float>& reference_quads, const FrameSignal& reference,
                         const Image<float>& frame_quads, const FrameSignal& frame, const Cfa& cfa,
                         const MotionField& motion)
    : reference_quads_(reference_quads),
      frame_quads_(frame_quads),
      noise_(4, 4),
      clip_(8, 1),
      gain_(float(frame.gain)) {
  const int size[] = {reference_quads.width(), reference_quads.height()};
  const int columns = (size[0] + block - 1) / block, rows = (size[1] + block - 1) / block;
  origin_ = Image<std::int32_t>(columns, rows, 2);
  fraction_ = Image<float>(columns, rows, 3);
  constexpr float tiles_per_block = float(block) / align_tile;
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      const float tx = (i + 0.5f) * tiles_per_block - 0.5f,
                  ty = (j + 0.5f) * tiles_per_block - 0.5f;
      const float shift[] = {sample_grid(motion.u, tx, ty), sample_grid(motion.v, tx, ty)};
      const int start[] = {i * block, j * block};
      bool inside = true;
      for (int axis = 0; axis < 2; ++axis) {
        const float whole = std::floor(shift[axis]);
        const int first = start[axis] + int(whole);
        const int lowest = -merge_border + taps_reach,
                  highest = size[axis] + merge_border - block - taps_reach - 1;
        origin_(i, j, axis) = std::clamp(first, lowest, highest);
        fraction_(i, j, axis) = shift[axis] - whole;
        inside = inside && first >= lowest && first <= highest;
      }
      fraction_(i, j, 2) = inside ? 1 : 0;
    }
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
  auto reference = halide_buffer(reference_quads_), frame = halide_buffer(frame_quads_);
  frame.set_min(-merge_border, -merge_border, 0);
  auto origin = halide_buffer(origin_);
  auto fraction = halide_buffer(fraction_), noise = halide_buffer(noise_);
  Halide::Runtime::Buffer<float> clip(const_cast<float*>(clip_.row(0)), 8);
  check(merge_frame(reference, frame, origin, fraction, noise, clip, gain_, sums, sums));
}

double PlacedFrame::sampled_weight() const {
  constexpr int strip = 32, every = 8;  // one strip in eight, at least the one in the middle
  const int width = reference_quads_.width(), height = reference_quads_.height();
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
  return sum / double(count);
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
