// shot_info: what a described camera writes into its RAW files beside the pixels: colors, noise,
// opcodes, metadata.
#pragma once

#include <string>
#include <vector>

#include "camera_file.h"
#include "core/lens_profile.h"
#include "core/raw_frame.h"

namespace lichtbild {

struct Shot {
  double exposure_s = 0, iso = 0, temperature_c = 25;
  std::string date_time;
};

// All but the as-shot neutral, which is estimated from pixels. The gain maps undo the shading per
// channel, the warp distortion and lateral color, as a phone's own files do.
RawInfo shot_info(const Camera& camera, const LensProfile& lens, const Shot& shot);

// A map for each place in the 2 x 2 filter that undoes the shading: 17 x 13 points, as phones write
// them into OpcodeList2.
std::vector<GainMap> gain_maps(const LensProfile& lens, const Cfa& cfa);

}  // namespace lichtbild
