#include "optics/analysis/wavefront.h"

#include <cmath>

#include "optics/analysis/zernike.h"

namespace lichtbild::optics {

WaveSamples wave_samples(const System& system, const Bundle& bundle, const ReferenceSphere& sphere,
                         const PupilQuadrature& quadrature, double wavelength_nm) {
  const PupilRays rays = trace_pupil(system, bundle, quadrature.points);
  WaveSamples out;
  for (std::size_t i = 0; i < rays.pupil.size(); ++i) {
    if (!rays.arrived[i]) continue;
    out.points.push_back(rays.pupil[i]);
    out.weights.push_back(quadrature.weights[i]);
    out.waves.push_back(sphere.path_difference_mm(rays.arrivals[i]) / (wavelength_nm * 1e-6));
  }
  return out;
}

double rms_without_tilt(const WaveSamples& s) {
  // Piston and tilt are the first three standard terms.
  const auto plane = fit_zernike(ZernikeOrder::standard, 3, s.points, s.weights, s.waves);
  if (plane.empty()) return 0;
  double square = 0, sum = 0;
  for (std::size_t i = 0; i < s.points.size(); ++i) {
    const double rest =
        s.waves[i] - plane[0] - 2 * (plane[1] * s.points[i].x + plane[2] * s.points[i].y);
    square += s.weights[i] * rest * rest;
    sum += s.weights[i];
  }
  return std::sqrt(square / sum);
}

}  // namespace lichtbild::optics
