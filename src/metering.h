// metering: which shutter time and ISO a camera takes for a scene by itself.
//
// The mean of the picture goes to 12 % of the white level (ISO 2721's reflected-light meter, K =
// 12.5), or to less, by up to 2.5 stops, where more than half a percent of the pixels would clip:
// phones keep the highlights and lift the shadows. Then the longest time that a hand holds still,
// and from there ISO.
#pragma once

#include "core/image.h"

namespace lichtbild {

struct ExposureLimits {
  double shortest_s = 0, handheld_s = 1.0 / 60, longest_s = 0;
  double base_iso = 100, largest_iso = 6400;
};

struct ShutterAndIso {
  double exposure_s = 0, iso = 0;
};

// `light`: of each pixel, in units that make `white_level_s` seconds at base ISO reach the white
// level with light 1. A time or an ISO that is given (not 0) is kept, and the other one follows. A
// scene without any light gets the longest time and the largest ISO.
ShutterAndIso metered(const Image<float>& light, double white_level_s, const ExposureLimits& limits,
                      double exposure_s = 0, double iso = 0);

}  // namespace lichtbild
