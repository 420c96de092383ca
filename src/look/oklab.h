// Oklab (Ottosson 2020), a perceptual space: lightness 0..1, and a, b. White D65 has lightness 1, a
// = b = 0.
#pragma once

#include <cmath>

#include "core/color.h"

namespace lichtbild {

// Cone responses from XYZ, and Oklab from their cube roots: the published matrices.
inline Matrix3 lms_from_xyz() {
  return {{0.8189330101, 0.3618667424, -0.1288597137, 0.0329845436, 0.9293118715, 0.0361456387,
           0.0482003018, 0.2643662691, 0.6338517070}};
}
inline Matrix3 oklab_from_roots() {
  return {{0.2104542553, 0.7936177850, -0.0040720468, 1.9779984951, -2.4285922050, 0.4505937099,
           0.0259040371, 0.7827717662, -0.8086757660}};
}

// Linear RGB of a space to cone responses, with white made exactly white.
inline Matrix3 lms_from_rgb(const Matrix3& xyz_from_rgb) {
  const Matrix3 m = lms_from_xyz() * xyz_from_rgb;
  const Vector3 white = m * Vector3{1, 1, 1};
  return Matrix3::diagonal({1 / white[0], 1 / white[1], 1 / white[2]}) * m;
}

inline Vector3 oklab_from_lms(const Vector3& lms) {
  return oklab_from_roots() * Vector3{std::cbrt(lms[0]), std::cbrt(lms[1]), std::cbrt(lms[2])};
}
inline Vector3 lms_from_roots(const Vector3& r) {
  return {r[0] * r[0] * r[0], r[1] * r[1] * r[1], r[2] * r[2] * r[2]};
}
inline Vector3 lms_from_oklab(const Vector3& lab) {
  return lms_from_roots(oklab_from_roots().inverse() * lab);
}

}  // namespace lichtbild
