// White balance: which camera values are to be neutral.
#pragma once

#include "core/raw_frame.h"
#include "develop/develop.h"

namespace lichtbild {

struct White {
  Chromaticity chromaticity;
  Vector3 neutral;  // camera values of a neutral object, green 1
};

White choose_white(const RawFrame& frame, const WhiteBalance& choice);

// Shades-of-gray estimate (Finlayson and Trezzi 2004; Minkowski norm 6 of the picture's unclipped
// quads and of their differences), drawn to the daylight and Planckian loci where lamps and skies
// are: 2300 to 10000 K, tint within 20.
Chromaticity estimate_white(const RawFrame& frame);

}  // namespace lichtbild
