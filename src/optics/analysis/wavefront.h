// Wavefronts: optical path differences of one field and wavelength over the pupil.
#pragma once

#include <vector>

#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

// Of the rays that arrive.
struct WaveSamples {
  std::vector<PupilPoint> points;
  std::vector<double> weights, waves;  // waves: of the wavelength that was asked for
};

// Rays through the bundle's map, clipped.
WaveSamples wave_samples(const System& system, const Bundle& bundle, const ReferenceSphere& sphere,
                         const PupilQuadrature& quadrature, double wavelength_nm);

// Root mean square, piston and tilt taken out; 0 of fewer than three samples.
double rms_without_tilt(const WaveSamples& samples);

}  // namespace lichtbild::optics
