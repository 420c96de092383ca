// From camera values to linear Rec.2020, by DNG's color model (DNG 1.4 specification, chapter 6).
#pragma once

#include "core/color.h"
#include "core/raw_frame.h"

namespace lichtbild {

// The white point of a scene in which the camera values `neutral` are neutral: found by iteration,
// because the matrix between the two illuminants depends on it.
Chromaticity white_from_neutral(const CameraColor& color, const Vector3& neutral);

// Camera values of a neutral object (green 1) under a white.
Vector3 neutral_from_white(const CameraColor& color, Chromaticity white);

// From white-balanced camera values (neutral is 1, 1, 1) to linear Rec.2020 (neutral is 1, 1, 1).
Matrix3 rec2020_from_balanced(const CameraColor& color, Chromaticity white);

}  // namespace lichtbild
