#include "calibrate/calibrate.h"

#include <algorithm>
#include <cmath>

#include "calibrate/fit_matrix.h"
#include "core/cie_tables.h"
#include "core/delta_e.h"
#include "core/error.h"

namespace lichtbild {
namespace {

using Responses = std::array<Spectrum, 3>;

Vector3 integrals(const Spectrum& light, const Responses& responses) {
  return {integral(light, responses[0]), integral(light, responses[1]),
          integral(light, responses[2])};
}

Vector3 scaled(const Vector3& v, const Vector3& by) {
  return {v[0] * by[0], v[1] * by[1], v[2] * by[2]};
}

Vector3 inverse(const Vector3& v) { return {1 / v[0], 1 / v[1], 1 / v[2]}; }

// From balanced camera values to XYZ in the light itself, inverted and unbalanced: camera values
// with the largest of white at 1, as converters write it.
Matrix3 camera_from_xyz(const SeenSurfaces& seen) {
  const Matrix3 xyz_from_balanced =
      fit_matrix(seen.balanced, seen.xyz, xyz_from_chromaticity(seen.white));
  if (!xyz_from_balanced.is_invertible())
    throw Error("sensitivities", "the camera cannot tell colors apart",
                "give it three different filters");
  const double largest = std::ranges::max(seen.neutral);
  return 1 / largest * (Matrix3::diagonal(seen.neutral) * xyz_from_balanced.inverse());
}

double kelvin(const SeenSurfaces& seen) { return temperature_from_chromaticity(seen.white).kelvin; }

// Of the first two; where there are more, both serve those too, mixed as DNG mixes them: linearly
// in inverse temperature.
std::array<Matrix3, 2> forward_matrices(const std::vector<SeenSurfaces>& seen) {
  std::array<Matrix3, 2> matrices{best_xyz_d50_from_balanced(seen[0]),
                                  best_xyz_d50_from_balanced(seen[1])};
  if (seen.size() == 2) return matrices;
  const double warm = 1 / kelvin(seen[0]), cold = 1 / kelvin(seen[1]);
  std::vector<std::array<double, 2>> shares;
  for (const SeenSurfaces& in_light : seen) {
    const double share = std::clamp((1 / kelvin(in_light) - cold) / (warm - cold), 0.0, 1.0);
    shares.push_back({share, 1 - share});
  }
  std::vector<ColorSet> sets;
  sets.reserve(seen.size());
  for (std::size_t i = 0; i < seen.size(); ++i)
    sets.push_back({seen[i].balanced, seen[i].xyz_d50, shares[i], i < 2 ? 1 : 0.5});
  refine_matrices(matrices, sets, xyz_from_chromaticity(white_d50));
  return matrices;
}

}  // namespace

SeenSurfaces seen_surfaces(const Responses& electrons_per_photon, const Spectrum& light,
                           std::span<const NamedSpectrum> reflectances) {
  const Spectrum photons = photons_per_joule() * light;
  const Vector3 camera = integrals(photons, electrons_per_photon),
                white = integrals(light, observer_1931),
                white_in_d50 = integrals(illuminant_d50, observer_1931);
  if (!(std::ranges::min(camera) > 0) || !(white[1] > 0))
    throw Error("sensitivities",
                "a color of the camera, or the observer, sees nothing of the light",
                "give spectra that overlap between 380 and 780 nm");
  SeenSurfaces seen;
  seen.neutral = scaled(camera, {1 / camera[1], 1 / camera[1], 1 / camera[1]});
  seen.white = chromaticity_from_xyz(white);
  // White is to be that of the program to the last digit, not that of the tables.
  const Vector3 to_white = scaled(xyz_from_chromaticity(seen.white), inverse(white)),
                to_d50 = scaled(xyz_from_chromaticity(white_d50), inverse(white_in_d50));
  for (const NamedSpectrum& surface : reflectances) {
    const Spectrum& r = surface.spectrum;
    seen.balanced.push_back(scaled(integrals(r * photons, electrons_per_photon), inverse(camera)));
    seen.xyz.push_back(scaled(integrals(r * light, observer_1931), to_white));
    seen.xyz_d50.push_back(scaled(integrals(r * illuminant_d50, observer_1931), to_d50));
  }
  return seen;
}

ColorError color_error(const Matrix3& xyz_d50_from_balanced, const SeenSurfaces& seen) {
  const Vector3 white = xyz_from_chromaticity(white_d50);
  ColorError error;
  for (std::size_t i = 0; i < seen.balanced.size(); ++i) {
    const double of_surface =
        delta_e_2000(lab_from_xyz(xyz_d50_from_balanced * seen.balanced[i], white),
                     lab_from_xyz(seen.xyz_d50[i], white));
    error.of_surface.push_back(of_surface);
    error.mean += of_surface / static_cast<double>(seen.balanced.size());
    error.max = std::max(error.max, of_surface);
  }
  return error;
}

Matrix3 best_xyz_d50_from_balanced(const SeenSurfaces& seen) {
  return fit_matrix(seen.balanced, seen.xyz_d50, xyz_from_chromaticity(white_d50));
}

CameraColor calibrate_color(const Responses& electrons_per_photon,
                            std::array<NamedSpectrum, 2> lights,
                            std::span<const NamedSpectrum> reflectances,
                            std::span<const NamedSpectrum> also) {
  std::vector<SeenSurfaces> seen;
  seen.reserve(lights.size() + also.size());
  for (const NamedSpectrum& light : lights)
    seen.push_back(seen_surfaces(electrons_per_photon, light.spectrum, reflectances));
  if (std::abs(1e6 / kelvin(seen[0]) - 1e6 / kelvin(seen[1])) < 10)
    throw Error(lights[0].name + " and " + lights[1].name, "have about one color temperature",
                "calibrate with a warm and a cold light, for example A and D65");
  if (kelvin(seen[0]) > kelvin(seen[1])) std::swap(seen[0], seen[1]);
  for (const NamedSpectrum& light : also)
    seen.push_back(seen_surfaces(electrons_per_photon, light.spectrum, reflectances));

  CameraColor color;
  const std::array<Matrix3, 2> forward = forward_matrices(seen);
  for (int i = 0; i < 2; ++i)
    color.illuminants[i] = {.temperature_kelvin = kelvin(seen[i]),
                            .camera_from_xyz = camera_from_xyz(seen[i]),
                            .xyz_d50_from_camera = forward[i]};
  color.as_shot_neutral = seen_surfaces(electrons_per_photon, illuminant_d50, {}).neutral;
  return color;
}

}  // namespace lichtbild
