// HandTremor: how a hand moves the camera that it holds, as a continuous function of time.
//
// Rotation about the camera's three axes and shift along them, each the sum of two Gaussian random
// motions of limited band, made of sinusoids with random amplitudes and phases:
//   drift   0.1 ... 5 Hz, speed of even spectrum (a random walk in that band): posture, breath,
//           pulse and the hand's own corrections;
//   tremor  8 ... 12 Hz, raised cosine about 10 Hz: the physiological tremor proper.
// Nothing lies above 12 Hz. All axes are independent and alike.
//
// Source. Two-part models of drift and tremor: Gavant, Alacoque, Dupret, David, "A physiological
// camera shake model for image stabilization systems", IEEE Sensors 2011. Tremor at 8 to 12 Hz:
// Elble and Koller, Tremor, 1990; Wronski et al., "Handheld multi-frame super-resolution", 2019.
// Jitter of a hand stays within about a degree: Sachs, Nasiri, Goehl, "Image Stabilization
// Technology Overview", InvenSense 2006. How much differs widely between people and holds; ours, at
// strength 1, is an assumption for a steady two-handed hold, 10 mrad/s (0.6 degrees/s) in all for
// each axis, so chosen that photographs by the old rule of 1 / (focal length in 35 mm terms)
// seconds keep their blur below its circle of 0.03 mm in 24 x 36 mm, as the rule means it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/camera_pose.h"

namespace lichtbild {

// Standard deviations of each axis.
struct TremorStrength {
  double drift_rad_s = 8e-3, tremor_rad = 1e-4;
  double drift_mm_s = 1, tremor_mm = 0.03;
};

class HandTremor {
 public:
  // `strength` scales everything; 0 is a tripod. The mean pose over 0 <= t <= first_exposure_s,
  // the first frame's, is zero.
  explicit HandTremor(std::uint64_t seed, double strength = 1, double first_exposure_s = 0,
                      const TremorStrength& of_one = {});

  // Any time, also before the first exposure.
  CameraPose at(double seconds) const;

 private:
  struct Sinusoid {
    double radians_s, cosine, sine;
  };
  using Motion = std::vector<Sinusoid>;

  std::array<Motion, 6> motions_;  // three rotations, three translations
  std::array<double, 6> rest_{};   // means over the first exposure
};

}  // namespace lichtbild
