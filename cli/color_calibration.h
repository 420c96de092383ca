// A camera's color model from its sensitivities and the spectra that ship, and what it is worth
// when the developer undoes it.
#pragma once

#include <string>
#include <vector>

#include "calibrate/calibrate.h"

namespace lichtbild::cli {

// Names of data/spectra/illuminants.tsv.
struct CalibrationLights {
  std::string warm = "A", cold = "D65";     // in either order
  std::vector<std::string> also{"LED-B3"};  // served by the matrices between the two
};

// Errors in a light: the 190 training surfaces and ColorChecker, by the model as `develop` undoes
// it with a right white balance; and ColorChecker by the best matrix for it in this light.
struct JudgedLight {
  std::string name;
  double temperature_kelvin = 0;
  ColorError training, chart, chart_limit;
};

struct ColorCalibration {
  CameraColor color;
  std::vector<JudgedLight> lights;
};

// Reads `data_folder`/spectra. Throws Error, also for lights that do not exist.
ColorCalibration color_calibration(const std::array<Spectrum, 3>& electrons_per_photon,
                                   const CalibrationLights& lights, const std::string& data_folder);

// As it stands in a camera file.
std::string to_toml(const CameraColor& color);

}  // namespace lichtbild::cli
