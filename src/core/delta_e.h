// delta_e: how far two colors are apart to the eye: CIE 1976 L*a*b* (CIE 15:2018, 8.2.1) and the
// CIEDE2000 difference (ISO/CIE 11664-6:2014; Sharma, Wu and Dalal, Color Research and Application
// 30 (1), 2005, who also say which way hue angles are to be averaged).
//
// 1 is about what can just be seen between patches that touch.
#pragma once

#include "core/matrix.h"

namespace lichtbild {

struct Lab {
  double l = 0, a = 0, b = 0;  // lightness 0..100; a to red, b to yellow
};

// Of XYZ relative to the white's, in any common scale. Negative XYZ go on along the straight part.
Lab lab_from_xyz(const Vector3& xyz, const Vector3& white_xyz);

double delta_e_2000(const Lab& one, const Lab& other);

}  // namespace lichtbild
