// What the chief ray tells: height, angle, distortion, lateral color, and the foci near it.
#pragma once

#include <optional>

#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

// Nothing if a chief ray fails.
std::optional<ChiefRays> chief_rays(const System& system, const Field& field);

// Radial height: along the field's direction (y for a field on axis).
double image_height_mm(const Arrival& chief, const Field& field);
double chief_ray_angle_deg(const Arrival& chief);  // with the image's axis

// Height of the wavelength's chief ray less that of the reference wavelength's.
double lateral_color_um(const ChiefRays& chiefs, const Field& field, int wavelength);

// Real chief ray's height on the image surface against the paraxial image point, f tan(theta) or by
// the paraxial magnification, carried from the paraxial image plane to the image surface along the
// real chief ray; in percent. That reference is CODE V's: found by trial, it meets every printed
// digit of its listings (docs/agreement.md). 0 on axis.
double distortion_percent(const System& system, const Field& field, const Arrival& chief);

// Foci of rays close to the chief ray, from the image surface along the axis (Coddington's
// equations, here by rays 1e-4 of the pupil away, exact to 1e-8).
struct Foci {
  double tangential_mm = 0, sagittal_mm = 0;
};
std::optional<Foci> parabasal_foci(const System& system, const Bundle& bundle);

}  // namespace lichtbild::optics
