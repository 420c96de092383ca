#include "cli/color_calibration.h"

#include <fmt/core.h>

#include "develop/camera_color.h"

namespace lichtbild::cli {
namespace {

Matrix3 xyz_d50_from_balanced(const CameraColor& color, const Vector3& neutral) {
  return adapt(white_d65, white_d50) * xyz_from_rec2020() *
         rec2020_from_balanced(color, white_from_neutral(color, neutral));
}

std::string row_text(const Matrix3& m, int row) {
  return fmt::format("[{:.6f}, {:.6f}, {:.6f}]", m(row, 0), m(row, 1), m(row, 2));
}

std::string matrix_text(const Matrix3& m) {
  return fmt::format("[{}, {}, {}]", row_text(m, 0), row_text(m, 1), row_text(m, 2));
}

}  // namespace

ColorCalibration color_calibration(const std::array<Spectrum, 3>& electrons_per_photon,
                                   const CalibrationLights& lights,
                                   const std::string& data_folder) {
  const std::string spectra = data_folder + "/spectra/", path = spectra + "illuminants.tsv";
  const std::vector<NamedSpectrum> illuminants = read_spectra(path),
                                   surfaces = read_spectra(spectra + "reflectances.tsv"),
                                   chart = read_spectra(spectra + "colorchecker.tsv");
  const auto named = [&](const std::string& name) {
    return NamedSpectrum{name, find_spectrum(illuminants, name, path)};
  };
  std::vector<NamedSpectrum> all{named(lights.warm), named(lights.cold)};
  for (const std::string& name : lights.also) all.push_back(named(name));

  ColorCalibration result;
  result.color =
      calibrate_color(electrons_per_photon, {all[0], all[1]}, surfaces, std::span(all).subspan(2));
  for (const NamedSpectrum& light : all) {
    const SeenSurfaces training = seen_surfaces(electrons_per_photon, light.spectrum, surfaces),
                       patches = seen_surfaces(electrons_per_photon, light.spectrum, chart);
    const Matrix3 model = xyz_d50_from_balanced(result.color, training.neutral);
    result.lights.push_back(
        {.name = light.name,
         .temperature_kelvin = temperature_from_chromaticity(training.white).kelvin,
         .training = color_error(model, training),
         .chart = color_error(model, patches),
         .chart_limit = color_error(best_xyz_d50_from_balanced(patches), patches)});
  }
  return result;
}

std::string to_toml(const CameraColor& color) {
  std::string text;
  for (const CameraColor::Illuminant& set : color.illuminants) {
    text += "[[color.illuminant]]\n";
    text += fmt::format("temperature_kelvin = {:.1f}\n", set.temperature_kelvin);
    text += fmt::format("camera_from_xyz = {}\n", matrix_text(set.camera_from_xyz));
    if (set.xyz_d50_from_camera)
      text += fmt::format("xyz_d50_from_camera = {}\n", matrix_text(*set.xyz_d50_from_camera));
    text += "\n";
  }
  return text;
}

}  // namespace lichtbild::cli
