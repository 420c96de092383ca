// lensfun: a LensProfile without blur from a lens of lensfun's database (XML, version 1 or 2).
//
// Distortion models ptlens, poly3 and poly5, lateral color linear and poly3, vignetting pa, in
// lensfun's coordinates: half the shorter side of the sensor that the lens was calibrated on, half
// its diagonal for vignetting. Between two calibrated focal lengths the coefficients are
// interpolated linearly; of vignetting the nearest calibration counts. The ideal radius is
// f tan(theta) where the database knows the real focal length, else as near as its nominal one.
#pragma once

#include <limits>
#include <string>

#include "core/lens_profile.h"

namespace lichtbild::optics {

struct LensfunShot {
  std::string model;  // of the lens; empty: the file's only one
  double focal_length_mm = 0;
  double f_number = 0;
  double distance_mm = std::numeric_limits<double>::infinity();
  ProfileSensor sensor;  // that the photograph was taken with
};

// Throws Error{path: element, ...}: no such file or lens, no calibration, numbers out of range.
LensProfile read_lensfun(const std::string& path, const LensfunShot& shot);
LensProfile parse_lensfun(const std::string& text, const std::string& where,
                          const LensfunShot& shot);

}  // namespace lichtbild::optics
