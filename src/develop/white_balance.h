// White balance: which camera values are to be neutral.
#pragma once

#include "core/raw_frame.h"
#include "develop/develop.h"

namespace lichtbild {

struct White {
  Chromaticity chromaticity;
  Vector3 neutral;  // camera values of a neutral object, green 1
};

// A picked place counts in samples of the mosaic here. Throws Error where the picture is clipped or
// black there.
White choose_white(const RawFrame& frame, const WhiteBalance& choice);

}  // namespace lichtbild
