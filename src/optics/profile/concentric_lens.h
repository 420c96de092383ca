// For tests of profiles: a lens without aberrations of the chief ray, a sphere around the stop's
// center, the image in its glass. Chief rays pass undeviated: the height is f tan(theta) exactly at
// every wavelength, f = R / (n - 1). The focus lies on a sphere around the stop.
#pragma once

#include "optics/lens.h"
#include "optics/profile/profile.h"

namespace lichtbild::optics {

inline Lens concentric_lens(double f_number, double half_field_deg) {
  constexpr double index = 1.5, radius_mm = 5, focal_mm = radius_mm / (index - 1);
  Lens lens;
  lens.title = "Concentric";
  lens.source = "closed form";
  lens.aperture = {SystemAperture::Kind::f_number, f_number};
  lens.fields.resize(2);
  lens.fields[1].y = half_field_deg;
  lens.wavelengths = {{550, 1}};
  Surface dome;
  dome.shape.curvature = 1 / radius_mm;
  dome.thickness_mm = radius_mm;
  dome.material = ConstantIndex{index};
  Surface stop;
  stop.stop = true;
  stop.thickness_mm = focal_mm;
  stop.material = ConstantIndex{index};
  lens.surfaces = {dome, stop};
  return lens;
}

// A profile of geometry and shading: as little work on the blur as there can be.
inline ProfileOptions without_blur() {
  ProfileOptions options;
  options.psf_points = 2;
  options.psf_radius_px = 1;
  options.pupil_samples = 32;
  return options;
}

}  // namespace lichtbild::optics
