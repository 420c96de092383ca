// picture: image files in: JPEG, PNG, TIFF 8/16/float, EXR, Radiance HDR, as planar float, and as
// light.
//
// Integer formats are scaled so that the largest code value is 1; read_image() decodes and converts
// nothing, but Radiance's numbers: they are divided by its EXPOSURE and COLORCORR, and its XYZE are
// linear Rec.2020, equal energy as white, over 179 lm/W (as ra_xyze has it; so both kinds of a
// picture are the same light). Gray pictures have one plane, color three; alpha is dropped. What
// the numbers mean is picture_colors(), and light_of() makes light of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/color.h"
#include "core/image.h"

namespace lichtbild {

// Throws Error.
Image<float> read_image(const std::string& path);

// One plane: an EXR's channel Z, else depth, else Y, as it stands. Throws Error.
Image<float> read_exr_depth(const std::string& path);

struct Primaries {
  Chromaticity red, green, blue, white;
};
inline constexpr Primaries rec709_primaries{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, white_d65};

// What a file says of its numbers; a file that says nothing is sRGB (EXR: scene-linear Rec.709).
struct PictureColors {
  // Embedded in JPEG (APP2), PNG (iCCP) or TIFF (tag 34675). Where there is one, it says all.
  std::vector<std::uint8_t> icc_profile;
  std::optional<Primaries>
      primaries;                   // EXR's chromaticities, PNG's cHRM, HDR's own; absent: Rec.709
  std::optional<double> exponent;  // light = code ^ exponent; absent: sRGB's curve
};
// PNG's chunks by the order of its specification: iCCP, sRGB, then cHRM and gAMA; a gAMA of 1/2.2
// stands for sRGB's curve, as libpng has it. Throws Error, for profiles that libpng refuses too.
PictureColors picture_colors(const std::string& path);

// Linear Rec.2020 of samples, three planes: white becomes 1, 1, 1 (Bradford; ICC: relative
// colorimetric). May be negative outside the gamut. Samples above 1 can't be code values: without a
// profile, a picture with such (a TIFF of floats) is linear already. Throws Error{where, ...} for a
// profile that is unsound, or made for another kind of picture.
Image<float> light_of(const Image<float>& samples, const PictureColors& colors,
                      const std::string& where);

// Light from an sRGB code value over the largest (IEC 61966-2-1).
float linear_from_srgb(float value);

}  // namespace lichtbild
