// Relative illumination: the light on the sensor at a field, as a share of that on the axis.
//
// For an evenly bright, Lambertian object and a lossless lens the irradiance at an image point is
// the radiance times the projected solid angle of the beam, that is its area in direction cosines
// (L, M) (Rimmer 1986, Proc. SPIE 655, 99). The beam is bounded by the rays that just get through.
#pragma once

#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

// The area of the beam in direction cosines, times the squared index; 0 if the chief ray fails.
double projected_solid_angle(const System& system, const Bundle& bundle, int rim_points = 96);

}  // namespace lichtbild::optics
