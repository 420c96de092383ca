// Deblur: the lens's blur, different over the field and for each color, is taken out of a picture
// of camera red, green and blue.
//
// Each tile is convolved with the inverse filters of its place (inverse_filter.h). What this adds,
// the detail d, is weighed by the Wiener factor of its local energy over that of the noise, in
// units of the noise's variance: flat patches stay as they are. The result stays within the
// samples' range nearby but for 0.2 % of it, and for as much as ridges and valleys stand out already:
// edges do not overshoot, texture may grow.
#pragma once

#include "core/half.h"
#include "core/lens_profile.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Variance scale * s + offset of the mosaic's samples, in the picture's units.
struct PictureNoise {
  NoiseModel model;
  const Image<float>* ratio = nullptr;  // multiplies the variance, an eighth of the size; or none
};

// `active` is the recorded active area's place in the picture; it alone comes out.
Image<Half> deblurred(const Image<Half>& picture, const Crop& active, const LensProfile& lens,
                      const PictureNoise& noise);

}  // namespace lichtbild
