// Spots and fans: where rays meet the image, relative to the reference wavelength's chief ray.
#pragma once

#include "optics/analysis/analysis.h"
#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

struct SpotSize {
  double rms_um = 0;        // about the centroid
  double geometric_um = 0;  // largest distance from the reference
};
SpotSize spot_size(const std::vector<SpotPoint>& points);

// The rays that arrived, relative to `reference`.
std::vector<SpotPoint> spot(const PupilRays& rays, const Arrival& reference);

// About the common centroid of all wavelengths, each by its weight.
double polychromatic_rms_um(const std::vector<WavelengthAtField>& wavelengths,
                            const std::vector<Wavelength>& weights);

// `points` rays along the x or y axis of the pupil.
RayFan ray_fan(const System& system, const Bundle& bundle, const ChiefRays& chiefs,
               const ReferenceSphere& sphere, bool along_y, int points = 41);

// |sum exp(2 pi i f q)| / count, q along and across the field's direction in the image.
void geometric_transfer(const std::vector<SpotPoint>& points, double tangential_angle,
                        MtfCurve& curve, double weight);

}  // namespace lichtbild::optics
