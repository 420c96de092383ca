// Automatic exposure of the rendering: how bright the photograph is to be, whatever the camera's
// own metering did.
//
// Phones underexpose on purpose to keep highlights. The middle of the picture's log luminance is
// brought most of the way to middle gray - a dark scene stays darker than a bright one -, as far as
// the highlights allow: what is brighter than the tone curve can hold must stay a small share.
#pragma once

#include "core/raw_frame.h"

namespace lichtbild {

// Stops to be added, from the white-balanced mosaic and the matrix to Rec.2020.
double automatic_exposure(const Image<float>& balanced, const Cfa& cfa,
                          const Matrix3& rec2020_from_balanced);

}  // namespace lichtbild
