// white_estimate: in what light a frame was taken.
//
// Color by correlation (Finlayson, Hordley and Hubel 2001) on the differences between neighbors
// (the gray-edge idea, van de Weijer et al. 2007): seen in the right light, they have the
// chromaticities that differences in photographs have. Of all lamps and skies (2300 to 11000 K,
// tint within 30) the mean is taken, each weighted by how likely it makes the frame's differences.
#pragma once

#include "core/color.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Clipped samples do not count. A frame without differences is taken to be in the likeliest light.
Chromaticity estimate_white(const RawFrame& frame);

}  // namespace lichtbild
