#include "optical_image/ideal_place.h"

#include <cmath>

namespace lichtbild {

IdealPlace::IdealPlace(const LensProfile& lens, int channel)
    : lens_(lens),
      channel_(channel),
      half_px_(lens.sensor.half_diagonal_px()),
      corrected_scale_(corrected_scale(lens)) {
  // An axis off the middle looks farther than the half diagonal.
  constexpr int entries = 4096;
  constexpr double farthest = 1.5;
  scale_ = float(entries / (farthest * farthest));
  last_ = entries - 1;
  const auto ratio = [&](double r) {
    return lens.geometry.ideal_from_real(channel, r) / (r * corrected_scale_);
  };
  ratio_.push_back(float(ratio(1e-4)));
  for (int i = 1; i <= entries; ++i) ratio_.push_back(float(ratio(std::sqrt(i / double(scale_)))));
}

IdealPlace::Magnification IdealPlace::at_ideal(double distance_px) const {
  const double ideal = std::max(distance_px / half_px_ * corrected_scale_, 1e-6), h = 1e-4;
  const auto real = [&](double r) { return lens_.geometry.real_from_ideal(channel_, r); };
  const double slope =
      (real(ideal + h) - real(std::max(ideal - h, 0.0))) / (ideal + h - std::max(ideal - h, 0.0));
  Magnification m;
  m.real_radius = real(ideal);
  m.radial = 1 / (slope * corrected_scale_);
  m.tangential = ideal / (m.real_radius * corrected_scale_);
  return m;
}

}  // namespace lichtbild
