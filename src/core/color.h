// Color spaces and white points that several rooms share. All matrices act on linear values.
//
// Working space: linear Rec.2020, white D65 (ITU-R BT.2020-2). Chromaticity xy to and from
// correlated color temperature: CIE daylight locus (CIE 15) and the Planckian locus (Krystek 1985),
// McCamy's and Robertson's inverse by search.
#pragma once

#include "core/matrix.h"
#include "core/rendition.h"

namespace lichtbild {

struct Chromaticity {
  double x = 0, y = 0;
};

inline constexpr Chromaticity white_d65{0.3127, 0.3290};
inline constexpr Chromaticity white_d50{0.34567, 0.35850};

// XYZ of a chromaticity with Y = 1, and back.
Vector3 xyz_from_chromaticity(Chromaticity c);
Chromaticity chromaticity_from_xyz(const Vector3& xyz);

// XYZ (Y = 1 for white) from linear RGB of the primaries and the white point (SMPTE RP 177).
Matrix3 xyz_from_rgb(Chromaticity red, Chromaticity green, Chromaticity blue, Chromaticity white);
Matrix3 xyz_from_rec2020();
Matrix3 xyz_from_linear(ColorSpace space);

// Bradford chromatic adaptation of XYZ from one white to another (ICC.1:2010 annex E).
Matrix3 adapt(Chromaticity from, Chromaticity to);

// Kelvin and tint: tint is the distance from the Planckian locus in CIE 1960 uv times -3000 (DNG
// SDK's convention: positive is magenta). Range 1500..50000 K.
struct Temperature {
  double kelvin = 6504;
  double tint = 0;
};
Chromaticity chromaticity_from_temperature(Temperature t);
Temperature temperature_from_chromaticity(Chromaticity c);

}  // namespace lichtbild
