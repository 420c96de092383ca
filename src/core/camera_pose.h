// CameraPose: where a hand holds the camera at one moment, against where it meant to.
//
// Axes of the camera: x to the right in the photograph, y down, z to the scene; turns are
// right-handed: pitch looks up and moves far things down in the photograph by f x pitch, yaw looks
// to the right and moves them to the left, roll moves what is right of the middle up.
#pragma once

#include <array>

namespace lichtbild {

struct CameraPose {
  std::array<double, 3> rotation_rad{};    // pitch, yaw, roll: about x, y, z
  std::array<double, 3> translation_mm{};  // along x, y, z
};

}  // namespace lichtbild
