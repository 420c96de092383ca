// Two-bounce ghosts: light reflected back at one surface and forward again at an earlier one.
//
// For every pair of refracting surfaces the bundle on axis is traced along its real way. Energy:
// the product of both Fresnel reflectances and the transmittances passed, at normal incidence, of
// bare glass or of a quarter-wave layer of MgF2 (n = 1.38 at 550 nm); relative to the light of the
// image.
#pragma once

#include <vector>

#include "optics/system.h"

namespace lichtbild::optics {

struct Ghost {
  int first = 0, second = 0;  // surface indices: reflected at `first`, then at the earlier `second`
  double energy = 0;          // relative to the image's light
  double rms_spot_radius_um = 0;
  double irradiance = 0;         // energy per spot area relative to the image's Airy disk: ranks
  double focus_distance_mm = 0;  // paraxial ghost image, from the image surface
  bool at_pupil = false;         // the spot fills more than half the image: veiling, not an image
};

struct GhostOptions {
  bool coated = true;
};

// Ranked by irradiance on the image surface, strongest first.
std::vector<Ghost> ghosts(const System& system, const GhostOptions& options = {});

// Reflectance at normal incidence between two indices, with a quarter-wave MgF2 layer at 550 nm.
double coated_reflectance(double n0, double n1, double wavelength_nm);
double bare_reflectance(double n0, double n1);

}  // namespace lichtbild::optics
