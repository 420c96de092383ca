#include "core/lens_profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/invariant.h"

namespace lichtbild {
namespace {

// Lagrange's cubic through the four points around x; the line through the last two beyond them.
double interpolated(const std::vector<double>& at, const std::vector<double>& value, double x) {
  const int n = int(at.size());
  invariant(n > 0 && value.size() == at.size());
  if (n == 1) return value[0];
  if (x > at[n - 1])
    return value[n - 1] + (x - at[n - 1]) * (value[n - 1] - value[n - 2]) / (at[n - 1] - at[n - 2]);
  const int above = int(std::upper_bound(at.begin(), at.end(), x) - at.begin());
  const int count = std::min(n, 4);
  const int first = std::clamp(above - 2, 0, n - count);
  double sum = 0;
  for (int i = first; i < first + count; ++i) {
    double weight = 1;
    for (int j = first; j < first + count; ++j)
      if (j != i) weight *= (x - at[j]) / (at[i] - at[j]);
    sum += weight * value[i];
  }
  return sum;
}

// In eight sums, which the processor adds up at once.
double sum_of(const float* values, int count) {
  std::array<double, 8> sums{};
  int i = 0;
  for (; i + 8 <= count; i += 8)
    for (int k = 0; k < 8; ++k) sums[k] += values[i + k];
  for (; i < count; ++i) sums[0] += values[i];
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

double ProfileSensor::half_diagonal_px() const { return std::hypot(width_px, height_px) / 2; }

double RadialMap::real_from_ideal(int channel, double ideal_radius) const {
  return interpolated(ideal, real[channel], ideal_radius);
}

double RadialMap::ideal_from_real(int channel, double real_radius) const {
  // Inverted exactly, not tabulated anew: both ways agree to rounding.
  double x = interpolated(real[channel], ideal, real_radius);
  for (int i = 0; i < 3; ++i) {
    const double h = 1e-4 * (1 + x);
    const double slope = (real_from_ideal(channel, x + h) - real_from_ideal(channel, x)) / h;
    x -= (real_from_ideal(channel, x) - real_radius) / slope;
  }
  return x;
}

double ShadingTable::at(int channel, double real_radius) const {
  return interpolated(radius, illumination[channel], std::min(real_radius, radius.back()));
}

double LensProfile::crop_factor() const {
  return std::hypot(36, 24) / 2 / sensor.half_diagonal_mm();
}

double center_px(const PsfField& psf, const PsfKernel& kernel, double reach_px) {
  std::vector<double> row(psf.size);
  for (int t = 0; t < psf.size; ++t)
    row[t] = sum_of(kernel.cell.data() + std::ptrdiff_t(t) * psf.size, psf.size);
  // The rim of what counts is a pixel wide, so that the center moves smoothly from kernel to
  // kernel.
  constexpr int rounds = 8;
  double center = 0;
  for (int round = 0; round < rounds; ++round) {
    double light = 0, moment = 0;
    for (int t = 0; t < psf.size; ++t) {
      const double at = (t - (psf.size - 1) / 2.0) / psf.oversampling;
      const double counted = row[t] * std::clamp(reach_px + 0.5 - std::abs(at - center), 0.0, 1.0);
      light += counted, moment += counted * at;
    }
    if (!(light > 0)) return 0;
    center = moment / light;
  }
  return center;
}

CenterOfLight::CenterOfLight(const LensProfile& lens, int channel)
    : lens_(lens), channel_(channel) {
  // Light farther out is veil and moves no line. Of 4 to 9 pixels 8 leaves the shipped cameras'
  // lines nearest their places.
  constexpr double reach_px = 8;
  for (const PsfKernel& kernel : lens.psf.kernel[channel])
    shift_.push_back(center_px(lens.psf, kernel, reach_px) / lens.sensor.half_diagonal_px());
}

double CenterOfLight::from_ideal(double ideal_radius) const {
  const double real = lens_.geometry.real_from_ideal(channel_, ideal_radius);
  return shift_.empty() ? real : real + interpolated(lens_.psf.radius, shift_, std::min(real, 1.0));
}

double corrected_scale(const LensProfile& profile) {
  const ProfileSensor& sensor = profile.sensor;
  const double half = sensor.half_diagonal_px();
  const double nearest = (std::min(sensor.width_px, sensor.height_px) - 1) / 2.0 / half;
  const double corner = std::hypot(sensor.width_px - 1, sensor.height_px - 1) / 2 / half;
  constexpr int steps = 64;
  double scale = 1;
  for (int c = 0; c < 3; ++c) {
    const CenterOfLight center(profile, c);
    for (int i = 0; i <= steps; ++i) {
      const double real = nearest + (corner - nearest) * i / steps;
      // The center's shift hardly changes over the way that it makes up for.
      const double near = profile.geometry.ideal_from_real(c, real);
      const double ideal = profile.geometry.ideal_from_real(c, 2 * real - center.from_ideal(near));
      scale = std::min(scale, ideal / real);
    }
  }
  return scale;
}

}  // namespace lichtbild
