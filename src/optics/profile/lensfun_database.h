// lensfun's database as a LensProfile without blur: for cameras that have no file of their own.
//
// Read are distortion (ptlens, poly3, poly5), lateral color (linear, poly3) and vignetting (pa) of
// rectilinear lenses, linear between the calibrations' focal lengths, reciprocal apertures and
// reciprocal distances, held beyond the last. The data stay the user's. (lensfun manual:
// lfDistortionModel, lfTCAModel, lfVignettingModel; lengths are relative to the sensor that the
// lens was calibrated on: its crop factor and aspect ratio)
#pragma once

#include <string>

#include "core/lens_profile.h"

namespace lichtbild::optics {

struct LensfunQuery {
  std::string lens;  // a lens's model, or a camera's with a fixed lens; upper and lower case alike
  double focal_length_mm = 0;
  double f_number = 0;       // 0: vignetting is left alone
  double distance_m = 1000;  // 1000 is the database's infinity
  ProfileSensor sensor;
};

// `path`: an XML file, or a folder of them. The profile's focal length is the real one where the
// database knows it. Throws Error: unreadable, ill-formed, no such lens, not rectilinear,
// calibrated on a smaller sensor, numbers that fold the picture.
LensProfile read_lensfun(const std::string& path, const LensfunQuery& query);
LensProfile parse_lensfun(const std::string& xml, const std::string& where,
                          const LensfunQuery& query);

// The crop factor of a camera by its model, with or without its maker. Throws Error if the database
// does not know it.
double lensfun_crop_factor(const std::string& path, const std::string& camera);

}  // namespace lichtbild::optics
