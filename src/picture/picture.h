// picture: image files in: JPEG, PNG, TIFF 8/16/float, EXR, as planar float.
//
// Integer formats are scaled so that the largest code value is 1; nothing is decoded or converted.
// Gray pictures have one plane, color three; alpha is dropped.
#pragma once

#include <optional>
#include <string>

#include "core/color.h"
#include "core/image.h"

namespace lichtbild {

// Throws Error.
Image<float> read_image(const std::string& path);

// Light from an sRGB code value over the largest (IEC 61966-2-1).
float linear_from_srgb(float value);

struct Primaries {
  Chromaticity red, green, blue, white;
};
// What an EXR's header says of its colors; nothing for other formats and for EXRs that don't say.
std::optional<Primaries> exr_primaries(const std::string& path);

}  // namespace lichtbild
