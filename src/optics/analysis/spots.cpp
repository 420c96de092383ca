#include "optics/analysis/spots.h"

#include <cmath>
#include <complex>

namespace lichtbild::optics {

SpotSize spot_size(const std::vector<SpotPoint>& points) {
  SpotSize size;
  double x = 0, y = 0, square = 0;
  for (const SpotPoint& p : points) {
    x += p.x_um;
    y += p.y_um;
    const double r2 = p.x_um * p.x_um + p.y_um * p.y_um;
    square += r2;
    size.geometric_um = std::max(size.geometric_um, std::sqrt(r2));
  }
  const double count = std::max<double>(1, double(points.size()));
  size.rms_um = std::sqrt(std::max(0.0, square / count - (x * x + y * y) / (count * count)));
  return size;
}

std::vector<SpotPoint> spot(const PupilRays& rays, const Arrival& reference) {
  std::vector<SpotPoint> points;
  for (std::size_t i = 0; i < rays.arrivals.size(); ++i)
    if (rays.arrived[i])
      points.push_back({(rays.arrivals[i].position.x - reference.position.x) * 1000,
                        (rays.arrivals[i].position.y - reference.position.y) * 1000});
  return points;
}

double polychromatic_rms_um(const std::vector<WavelengthAtField>& wavelengths,
                            const std::vector<Wavelength>& weights) {
  double sum = 0, x = 0, y = 0, square = 0;
  for (std::size_t w = 0; w < wavelengths.size(); ++w)
    for (const SpotPoint& p : wavelengths[w].spot) {
      const double weight = weights[w].weight / double(wavelengths[w].spot.size());
      sum += weight;
      x += weight * p.x_um;
      y += weight * p.y_um;
      square += weight * (p.x_um * p.x_um + p.y_um * p.y_um);
    }
  if (sum == 0) return 0;
  return std::sqrt(std::max(0.0, square / sum - (x * x + y * y) / (sum * sum)));
}

RayFan ray_fan(const System& system, const Bundle& bundle, const ChiefRays& chiefs,
               const ReferenceSphere& sphere, bool along_y, int points) {
  RayFan fan;
  const double nm = system.lens.wavelengths[bundle.wavelength()].wavelength_nm;
  for (int i = 0; i < points; ++i) {
    const double p = 2.0 * i / (points - 1) - 1;
    const auto a = arrive(system, bundle.wavelength(),
                          bundle.launch_by_map(along_y ? PupilPoint{0, p} : PupilPoint{p, 0}));
    if (!a) continue;
    fan.pupil.push_back(p);
    fan.error_x_um.push_back((a->position.x - chiefs.reference.position.x) * 1000);
    fan.error_y_um.push_back((a->position.y - chiefs.reference.position.y) * 1000);
    fan.wavefront_waves.push_back(sphere.path_difference_mm(*a) / (nm * 1e-6));
  }
  return fan;
}

void geometric_transfer(const std::vector<SpotPoint>& points, double tangential_angle,
                        MtfCurve& curve, double weight) {
  if (points.empty()) return;
  const double c = std::cos(tangential_angle), s = std::sin(tangential_angle);
  for (std::size_t k = 0; k < curve.lp_per_mm.size(); ++k) {
    const double turn = 2 * M_PI * curve.lp_per_mm[k] / 1000;
    std::complex<double> t = 0, across = 0;
    for (const SpotPoint& p : points) {
      t += std::polar(1.0, turn * (c * p.x_um + s * p.y_um));
      across += std::polar(1.0, turn * (s * p.x_um - c * p.y_um));
    }
    curve.tangential[k] += weight * std::abs(t) / double(points.size());
    curve.sagittal[k] += weight * std::abs(across) / double(points.size());
  }
}

}  // namespace lichtbild::optics
