// calibrate: a camera's own numbers from measurements of it.
//
// Color: three quantum efficiencies, surfaces and two lights give DNG's color model (DNG 1.4
// specification, chapter 6): for each light a ColorMatrix, which tells white points by camera
// values, and a ForwardMatrix, which takes white-balanced camera values to what the surfaces look
// like in daylight D50. Both keep white exactly and else have the least mean delta-E2000 over the
// surfaces that 3x3 matrices can have.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/color.h"
#include "core/matrix.h"
#include "core/raw_frame.h"
#include "core/spectrum.h"

namespace lichtbild {

// Surfaces in a light, as a camera has them and as the CIE 1931 observer has them. XYZ of white
// have Y = 1.
struct SeenSurfaces {
  Vector3 neutral{};              // camera values of white, green is 1
  Chromaticity white;             // of the light
  std::vector<Vector3> balanced;  // camera values; white is 1, 1, 1
  std::vector<Vector3> xyz;       // in this light
  std::vector<Vector3> xyz_d50;   // in D50: what a photograph should show
};

// `electrons_per_photon`: red, green, blue, filters included. `light` is power.
SeenSurfaces seen_surfaces(const std::array<Spectrum, 3>& electrons_per_photon,
                           const Spectrum& light, std::span<const NamedSpectrum> reflectances);

// CIEDE2000 over surfaces.
struct ColorError {
  double mean = 0, max = 0;
  std::vector<double> of_surface;
};

// What balanced camera values become by a matrix, against the colors in D50.
ColorError color_error(const Matrix3& xyz_d50_from_balanced, const SeenSurfaces& seen);

// The matrix of least mean error that takes 1, 1, 1 to D50's white: the ForwardMatrix of these
// surfaces in this light. Fitted to the surfaces it is judged by, it is the limit of every matrix
// that keeps white.
Matrix3 best_xyz_d50_from_balanced(const SeenSurfaces& seen);

// The lights in order of rising temperature; calibrations are identity, the neutral as shot is that
// of D50. `also`: further lights, which the matrices between the two are to serve as well; each has
// half the weight of one of the two. Throws Error if the camera cannot tell colors, or the two
// lights have one temperature.
CameraColor calibrate_color(const std::array<Spectrum, 3>& electrons_per_photon,
                            std::array<NamedSpectrum, 2> lights,
                            std::span<const NamedSpectrum> reflectances,
                            std::span<const NamedSpectrum> also = {});

}  // namespace lichtbild
