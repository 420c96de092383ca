// photons: how many electrons a pixel collects from a scene of known radiance.
//
// Radiance L(lambda) is in W / (m^2 sr nm). A lens of transmission T puts the irradiance
//   E(lambda) = pi L T / (4 N^2)
// on the sensor, on the axis and for distant objects (the camera equation: ISO 12232:2019 annex;
// relative illumination and 1 / (1 + m)^2 are the caller's), which are E A lambda / (h c) photons
// of a pixel of area A in a second; quantum efficiency says how many of them become electrons.
#pragma once

#include "core/spectrum.h"

namespace lichtbild {

// `efficiency`: electrons per photon at each wavelength, filters included; `transmission`: of the
// lens, 0..1. All of the pixel's square counts.
double electrons_per_second(const Spectrum& radiance_w_m2_sr_nm, const Spectrum& efficiency,
                            double pixel_um, double f_number, double transmission = 1);

// The radiance of a white diffuser under `illuminant` (relative) that has that luminance:
// 683 lm/W times the integral with CIE y, `luminosity`. Zero where the illuminant is invisible.
Spectrum radiance_of_white(const Spectrum& illuminant, double luminance_cd_m2,
                           const Spectrum& luminosity);

}  // namespace lichtbild
