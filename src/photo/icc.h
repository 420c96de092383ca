// ICC profiles of the display color spaces: matrix and tone curve, version 4, a few hundred bytes.
//
// sRGB (IEC 61966-2-1) and Display P3 (SMPTE EG 432-1 primaries, white D65), both with the sRGB
// transfer curve. The bytes are the same on every call: the creation date in the header is a fixed
// one.
#pragma once

#include <cstdint>
#include <vector>

#include "core/rendition.h"

namespace lichtbild {

std::vector<std::uint8_t> icc_profile(ColorSpace space);

}  // namespace lichtbild
