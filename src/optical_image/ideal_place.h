// IdealPlace: where a channel's pixels look, in pixels of the ideal photograph; and how much
// smaller or larger it is there.
#pragma once

#include <vector>

#include "core/lens_profile.h"

namespace lichtbild {

class IdealPlace {
 public:
  IdealPlace(const LensProfile& lens, int channel);

  // Ideal over real distance from the axis, for the squared real distance in half diagonals.
  float ratio(float squared_radius) const {
    const float at = squared_radius * scale_;
    const int i = at < last_ ? int(at) : last_;
    return ratio_[i] + (at - float(i)) * (ratio_[i + 1] - ratio_[i]);
  }
  // Ideal per real pixel at an ideal distance: along the radius, and across it.
  struct Magnification {
    double real_radius = 0;  // half diagonals
    double radial = 1, tangential = 1;
  };
  Magnification at_ideal(double distance_px) const;

 private:
  const LensProfile& lens_;
  int channel_;
  double half_px_, corrected_scale_;
  float scale_ = 0;
  int last_ = 0;
  std::vector<float> ratio_;
};

}  // namespace lichtbild
