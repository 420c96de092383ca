// merge: frames are moved onto the reference and averaged where they agree with it.
//
// Frames are held as four planes of quads, one for each place in the 2x2 filter, so that every
// color is resampled from its own samples only: by Lanczos-3, block by block of 8x8 quads at the
// block's own sub-pixel motion. The weight of a quad is trust x (variance of the reference /
// variance of the resampled frame). Trust compares, in 5x5 quads, the squared differences and the
// mean differences per color with what both noises and the aliasing of fine detail explain; it is 1
// within the expected scatter and falls with the misfit, so that noise is averaged and motion is
// not. (Idea of the weight: Hasinoff et al. 2016, section 5; of the windowed test: Wronski et al.
// 2019, section 5.2.)
//
// Sums: six planes of quads: four of weighted signal, then the weight, then the variance in units
// of the reference's.
#pragma once

#include <array>

#include "burst/align.h"
#include "core/halide_buffer.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Noise and clipping of one frame, in the reference's units.
struct FrameSignal {
  NoiseModel noise;
  std::array<double, 3> clip{1, 1,
                             1};  // signal from which a channel counts as clipped; infinity: never
  double gain = 1;                // from the frame's signal to the reference's
};

// The four planes of a mosaic's quads with what the kernel reads around them: the border quads
// repeated.
struct Quads {
  static constexpr int border = 32;
  int width, height;    // without the border
  Image<float> planes;  // quad (x, y) lies at (x + border, y + border)

  float operator()(int x, int y, int place) const { return planes(x + border, y + border, place); }
};
Quads split_quads(const Image<float>& mosaic);

// The sums of the reference alone. Its clipped quads count next to nothing when `bracket`, so that
// shorter frames replace them.
Image<float> begin_sums(const Quads& reference, const Cfa& cfa, const FrameSignal& signal,
                        bool bracket);

// A frame laid over the reference by the motion between them, ready to be added. Keeps references
// to both pictures.
class PlacedFrame {
 public:
  PlacedFrame(const Quads& reference_quads, const FrameSignal& reference, const Quads& frame_quads,
              const FrameSignal& frame, const Cfa& cfa, const MotionField& motion);

  // Mean weight over a few strips of the picture, relative to that of a frame that agrees
  // everywhere: how far the frame shows the scene at all, 0..1.
  double agreement() const;
  void add_to(Image<float>& sums) const;

 private:
  void merge(Halide::Runtime::Buffer<float>& sums) const;

  const Quads &reference_quads_, &frame_quads_;
  Image<std::int32_t> origin_;  // per block: where its first quad lies in the frame
  Image<float> taps_;           // per block: how it is resampled, as listed in merge.cpp
  Image<float> noise_, clip_;   // per place, as the kernel takes them
  float gain_;
};

struct MergedSums {
  Image<float> mosaic;
  Image<float> variance_ratio;  // per quad, in units of the reference's variance
};
MergedSums end_sums(const Image<float>& sums);

}  // namespace lichtbild
