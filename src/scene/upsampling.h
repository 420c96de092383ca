// upsampling: colors become smooth reflectance spectra (Jakob and Hanika, "A Low-Dimensional
// Function Space for Efficient Spectral Upsampling", Computer Graphics Forum 38 (2), 2019).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/matrix.h"
#include "core/spectrum.h"

namespace lichtbild {

// r(l) = 1/2 + x / (2 sqrt(1 + x^2)), x = c0 l^2 + c1 l + c2, l in nm relative to the range 0..1.
using SpectrumCoefficients = std::array<double, 3>;
Spectrum reflectance(const SpectrumCoefficients& coefficients);

// Of a linear Rec.2020 color (white D65) with components 0..1: under D65 and the CIE 1931 observer
// the spectrum has that color (CIEDE2000 under 0.001, for all of Rec.709 and all colors of Rec.2020
// that a reflectance can have); colors no reflectance has become paler, towards the gray
// of the same luminance, as little as it takes.
SpectrumCoefficients spectrum_coefficients(const Vector3& rec2020);

// All of it at once, for three responses: colors to the sums over wavelength of spectrum x
// illuminant x response (times the step), tabulated and interpolated. Colors are finite; negative
// components count as 0. Colors brighter than any reflectance of their chromaticity are light: the
// spectrum of the color scaled down to the brightest that there is, times the scale. Through the
// table the observer sees Rec.709 within CIEDE2000 of 0.03, all of Rec.2020 within 1.5 (0.01 on
// average: the worst lie on the spectral locus); for Rec.709 a camera's response under any light is
// that of the spectrum itself within 0.1 % of white (RMS). Making the table takes 0.2 s of one
// core, a million colors 15 to 25 ms.
class ColorResponse {
 public:
  ColorResponse(const Spectrum& illuminant, const std::array<Spectrum, 3>& responses);
  std::array<float, 3> operator()(float red, float green, float blue) const;  // of linear Rec.2020

  // The same for many colors, all spans of one length.
  void operator()(const std::array<std::span<const float>, 3>& rec2020,
                  const std::array<std::span<float>, 3>& out) const;

 private:
  // Response per largest component, at nodes: which component is the largest, the two that follow
  // it (cyclically) relative to it, its value; the fourth number of a node fills a vector.
  std::vector<std::array<float, 4>> nodes_;
};

}  // namespace lichtbild
