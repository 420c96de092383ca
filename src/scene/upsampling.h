// upsampling: colors become smooth reflectance spectra (Jakob and Hanika, "A Low-Dimensional
// Function Space for Efficient Spectral Upsampling", Computer Graphics Forum 38 (2), 2019).
#pragma once

#include <array>

#include "core/matrix.h"
#include "core/spectrum.h"

namespace lichtbild {

// r(l) = 1/2 + x / (2 sqrt(1 + x^2)), x = c0 l^2 + c1 l + c2, l in nm relative to the range 0..1.
using SpectrumCoefficients = std::array<double, 3>;
Spectrum reflectance(const SpectrumCoefficients& coefficients);

// Of a linear Rec.2020 color (white D65) with components 0..1: under D65 and the CIE 1931 observer
// the spectrum has that color; colors no reflectance has get the nearest.
SpectrumCoefficients spectrum_coefficients(const Vector3& rec2020);

// All of it at once, for three responses: colors to responses, tabulated, interpolated. Colors
// brighter than 1 are the spectrum of the color scaled down, times the scale.
class ColorResponse {
 public:
  ColorResponse(const Spectrum& illuminant, const std::array<Spectrum, 3>& responses);
  std::array<float, 3> operator()(float red, float green, float blue) const;  // of linear Rec.2020
};

}  // namespace lichtbild
