// Lateral color: red and blue of a mosaic are brought to where green recorded the same thing.
//
// Before the demosaicing, which takes the edges of all colors to lie in one place and would pull
// them there. With d the way from where green recorded a thing to where the color did, for the
// color's samples q and its places p in the new mosaic:
//   difference(q) = color(q) - green(q - d),   color'(p) = green(p) + difference(p + d).
// A mosaic's red and blue are too coarse to be moved by a fraction of a sample; their differences
// from green are smooth.
#pragma once

#include <array>

#include "core/raw_frame.h"
#include "develop/geometry.h"

namespace lichtbild {

// `places` of red, green and blue; afterwards green's hold for all. The mosaic comes back as it is
// where no color is moved by a hundredth of a sample, or one by more than 256.
Image<float> in_register(Image<float> mosaic, const Cfa& cfa,
                         const std::array<RecordedPlaces, 3>& places);

}  // namespace lichtbild
