// Highlights: clipped samples are rebuilt from the colors that are not clipped.
//
// A clipped sample is at least as bright as its clip. Its value is estimated from the two other
// colors around it: the mean of their cube roots, cubed, plus the typical difference between that
// estimate and the true value in this picture, taken from unclipped neighbors of clipped places
// (the idea behind "inpaint opposed" of darktable 4.2). Where every color is clipped nothing is
// known, and the result goes to neutral: no magenta.
#pragma once

#include "core/raw_frame.h"

namespace lichtbild {

// In: mosaic of white-balanced signal; `clip` per channel in the same units. Returns the share of
// clipped samples.
double rebuild_highlights(Image<float>& mosaic, const Cfa& cfa, const Vector3& clip);

}  // namespace lichtbild
