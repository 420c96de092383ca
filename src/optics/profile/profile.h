// profile: a lens file and a sensor become the LensProfile of their pictures, by tracing.
//
// Chief rays give distortion and lateral color, the projected solid angle of the pupil the shading,
// the pupil function the blur. All wavelengths of the bands are traced; the lens's own are
// replaced, but for its reference wavelength. Vignetting factors of the lens's fields play no part:
// rays are clipped by clear radii and apertures.
#pragma once

#include <functional>
#include <string>

#include "core/lens_profile.h"
#include "glass/catalog.h"
#include "optics/lens.h"

namespace lichtbild::optics {

// Gaussian bands around 600, 540 and 460 nm, 80 nm full width at half maximum, five lines each.
std::array<ProfileBand, 3> broad_bands();

struct ProfileOptions {
  std::array<ProfileBand, 3> bands = broad_bands();
  int geometry_points = 65;
  int shading_points = 33;
  int psf_points = 9;
  int psf_oversampling = 2;
  int psf_radius_px = 8;                 // kernels reach this far to either side
  int pupil_samples = 128;               // more are taken where the kernel is wide
  std::function<void(double)> progress;  // share done, 0..1
};

// Throws Error{where, ...} if the lens's largest field does not reach the sensor's corners (naming
// the image circle and the diagonal), if no light does, or if it is not rotationally symmetric.
LensProfile profile(const Lens& lens, const Catalog& catalog, const std::string& where,
                    const ProfileSensor& sensor, const ProfileOptions& options = {});

// Fits the polynomials of `geometry` and `shading` to their tables, and states the residuals.
void fit_polynomials(LensProfile& profile);

}  // namespace lichtbild::optics
