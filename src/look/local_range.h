// Local range: the base of the picture's brightness, without its details, so that the range can be
// pressed and the details left alone.
//
// The guided filter (He, Sun and Tang 2013) of the log2 luminance by itself, on an eighth of the
// size: the base at a pixel is a * (its own log2 luminance) + b, with a near 1 at strong edges - no
// halos - and near 0 in texture. a and b are smooth and are enlarged bilinearly to every pixel (He
// and Sun 2015, fast guided filter).
#pragma once

#include "core/image.h"

namespace lichtbild {

inline constexpr int local_cell = 8;  // pixels per cell of the maps

// Planes a and b of an eighth of the size; `radius_cells` >= 1.
Image<float> local_base(const Image<float>& log_luminance, int radius_cells);

}  // namespace lichtbild
