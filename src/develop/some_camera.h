// For tests: the color matrices of a GoPro HERO5 Black, as they stand in GOPR0024.DNG.
#pragma once

#include "core/raw_frame.h"

namespace lichtbild {

inline CameraColor some_camera(const Vector3& as_shot_neutral) {
  CameraColor color;
  color.illuminants[0] = {.temperature_kelvin = 2850,
                          .camera_from_xyz = {{1.8331, -0.8166, -0.2478, 0.1391, 0.8961, -0.0367,
                                               0.0822, 0.0662, 0.2597}},
                          .xyz_d50_from_camera = {}};
  color.illuminants[1] = {.temperature_kelvin = 5000,
                          .camera_from_xyz = {{1.0344, -0.421, -0.062, -0.2315, 1.0625, 0.1948,
                                               0.0093, 0.1058, 0.5541}},
                          .xyz_d50_from_camera = {}};
  color.as_shot_neutral = as_shot_neutral;
  return color;
}

}  // namespace lichtbild
