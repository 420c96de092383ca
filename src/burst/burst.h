// burst: several frames of one scene become one deeper frame.
//
// Frames are read one after the other, the next while the last is being merged; two or three are in
// memory at a time. Each is aligned to a reference frame by a smooth field of sub-pixel motion
// (align.h), compared with it against what the noise model allows, and added where it agrees
// (merge.h). What moved differently keeps the reference alone, so there are no ghosts. Frames of
// other exposures are scaled by time x ISO / f-number^2; clipped samples do not count, so a bracket
// reaches beyond the reference's white (signals above 1).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

struct BurstParams {
  int reference = 0;  // 1-based; 0: the sharpest of the first three with the first frame's exposure
};

struct FrameReport {
  std::string path;
  bool merged = false;
  std::string left_out_because;           // empty when merged
  double shift_x_px = 0, shift_y_px = 0;  // median motion against the reference, in mosaic samples
  double motion_spread_px =
      0;              // 90th percentile of the distance from that median: rotation, parallax
  double weight = 0;  // mean share that the frame was trusted with, 0..1
  double relative_exposure = 1;  // of this frame, in units of the reference's
};

struct BurstReport {
  int reference = 0;  // 1-based
  std::vector<FrameReport> frames;
  NoiseModel reference_noise, merged_noise;
  double effective_frames =
      1;  // variance of the reference over variance of the result, mean over the picture
  double read_s = 0, align_s = 0, merge_s = 0;
};

struct MergedFrame {
  RawFrame frame;  // the reference's info with the merged noise model
  // Half the mosaic's size: local variance of the merged frame relative to its noise model; 1 on
  // average, up to the number of frames where only the reference was trusted.
  Image<float> variance_ratio;
  BurstReport report;
};

// Called with 0-based indices, each once, from a thread of its own.
using FrameSource = std::function<RawFrame(int index)>;
// For frames that carry no noise model.
using NoiseEstimator = std::function<NoiseModel(const RawFrame&)>;

// Merges the frames that `infos` (at least one) describe. Throws Error when frames differ in size,
// filter or camera model, before any is decoded, and what `read` throws.
MergedFrame merge_burst(const std::vector<RawInfo>& infos, const FrameSource& read,
                        const NoiseEstimator& noise, const BurstParams& params = {},
                        const std::function<void(int done)>& progress = {});

}  // namespace lichtbild
