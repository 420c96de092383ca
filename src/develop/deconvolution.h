// Deconvolution: the blur of the lens, other at every place of the field and in every color, undone
// as far as the noise allows.
#pragma once

#include "core/raw_frame.h"
#include "develop/geometry.h"

namespace lichtbild {

// The active area of a linear picture in the camera's colors; a new picture of its size. `noise` is
// what noise reduction left of that of the picture's values, `variance_ratio` (an eighth of the
// size) multiplies it from place to place. Flat areas stay as they are; an edge overshoots by less
// than 5 % of its height.
Image<Half> deconvolved(const ActiveArea& blurred, const LensProfile& lens, const NoiseModel& noise,
                        const Image<float>& variance_ratio);

}  // namespace lichtbild
