// icc_light: a picture's samples as the light that its ICC profile says they are.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/image.h"

namespace lichtbild {

// Linear Rec.2020, three planes: the profile's colors over its white (relative colorimetric), from
// the D50 of profiles to D65 by Bradford. A gray picture may have an RGB profile, not the other way
// around. Curves that are given as formulas go on above 1, tables end there. Throws Error.
Image<float> icc_light(const Image<float>& samples, std::span<const std::uint8_t> profile,
                       const std::string& where);

}  // namespace lichtbild
