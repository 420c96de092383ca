// lichtbild calibrate: a camera's own numbers from measurements of it.
#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "camera_file.h"
#include "cli/color_calibration.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"

namespace lichtbild::cli {
namespace {

struct ColorArguments {
  std::string sensitivities, output;
  std::vector<std::string> illuminants{"A", "D65"}, also{"LED-B3"};
  bool write = false, json = false;
};

// Everything from here on in a camera file is this verb's.
constexpr const char* calibration_mark =
    "# Color calibration, written by `lichtbild calibrate color --write`:";

bool is_camera(const std::string& path) { return path.ends_with(".toml"); }

std::array<Spectrum, 3> efficiencies_of(const std::string& path) {
  if (!is_camera(path)) return read_quantum_efficiency(path);
  const Camera camera = read_camera(path);
  if (!camera.sensor)
    throw Error(path, "the camera has no [sensor]", "its sensitivities are what is calibrated");
  return camera.sensor->quantum_efficiency;
}

// The file as it was, its calibration replaced.
void write_into(const std::string& camera, const CameraColor& color, const std::string& lights) {
  std::string text = read_file(camera);
  text.resize(std::min(text.find(calibration_mark), text.size()));
  while (text.ends_with("\n\n")) text.pop_back();
  write_file(camera, fmt::format("{}\n{} {}\n{}", text, calibration_mark, lights, to_toml(color)));
}

nlohmann::ordered_json to_json(const Matrix3& m) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (int i = 0; i < 3; ++i) rows.push_back({m(i, 0), m(i, 1), m(i, 2)});
  return rows;
}

nlohmann::ordered_json to_json(const ColorError& error) {
  return {{"mean", error.mean}, {"max", error.max}};
}

nlohmann::ordered_json to_json(const ColorCalibration& calibration) {
  nlohmann::ordered_json out = {{"illuminants", nlohmann::ordered_json::array()},
                                {"delta_e_2000", nlohmann::ordered_json::array()}};
  for (const CameraColor::Illuminant& set : calibration.color.illuminants)
    out["illuminants"].push_back({{"temperature_kelvin", set.temperature_kelvin},
                                  {"camera_from_xyz", to_json(set.camera_from_xyz)},
                                  {"xyz_d50_from_camera", to_json(*set.xyz_d50_from_camera)}});
  for (const JudgedLight& light : calibration.lights)
    out["delta_e_2000"].push_back({{"light", light.name},
                                   {"temperature_kelvin", light.temperature_kelvin},
                                   {"training", to_json(light.training)},
                                   {"color_checker", to_json(light.chart)},
                                   {"color_checker_limit", to_json(light.chart_limit)}});
  return out;
}

void print(const ColorCalibration& calibration) {
  fmt::print("delta-E2000 (mean, max)          training    ColorChecker   limit of a matrix\n");
  for (const JudgedLight& light : calibration.lights)
    fmt::print("  {:10} {:6.0f} K    {:6.2f} {:6.2f}   {:6.2f} {:6.2f}       {:6.2f} {:6.2f}\n",
               light.name, light.temperature_kelvin, light.training.mean, light.training.max,
               light.chart.mean, light.chart.max, light.chart_limit.mean, light.chart_limit.max);
  fmt::print("\n{}", to_toml(calibration.color));
}

void run_color(const ColorArguments& arguments) {
  const ColorCalibration calibration = color_calibration(
      efficiencies_of(arguments.sensitivities),
      {.warm = arguments.illuminants[0], .cold = arguments.illuminants[1], .also = arguments.also},
      data_folder());
  if (arguments.write) {
    if (!is_camera(arguments.sensitivities))
      throw Error(arguments.sensitivities, "is no camera file",
                  "--write needs one; or give -o FILE");
    write_into(arguments.sensitivities, calibration.color,
               arguments.illuminants[0] + ", " + arguments.illuminants[1]);
  }
  if (!arguments.output.empty()) write_file(arguments.output, to_toml(calibration.color));
  if (arguments.json)
    fmt::print("{}\n", to_json(calibration).dump(2));
  else
    print(calibration);
}

}  // namespace

void add_calibrate(CLI::App& app) {
  CLI::App* calibrate =
      app.add_subcommand("calibrate", "A camera's own numbers from measurements of it.");
  calibrate->require_subcommand(1);
  auto arguments = std::make_shared<ColorArguments>();
  CLI::App* verb = calibrate->add_subcommand(
      "color",
      "DNG's color matrices for two lights from spectral sensitivities, and their errors.");
  verb->add_option("CAMERA", arguments->sensitivities,
                   "NAME.camera.toml, or a table of wavelength_nm, red, green, blue (electrons per "
                   "photon)")
      ->required();
  verb->add_option("--illuminants", arguments->illuminants,
                   "two lights of data/spectra/illuminants.tsv, warm and cold: A,D65")
      ->expected(2)
      ->delimiter(',');
  verb->add_option("--also", arguments->also,
                   "lights that are served between the two, each with half their weight: LED-B3")
      ->delimiter(',');
  verb->add_flag_callback(
      "--only", [arguments] { arguments->also.clear(); }, "serve the two illuminants alone");
  verb->add_option("-o,--output", arguments->output, "the matrices as a part of a .camera.toml");
  verb->add_flag("--write", arguments->write, "put the matrices into the camera file");
  verb->add_flag("--json", arguments->json, "one JSON object on stdout");
  verb->callback([arguments] { run_color(*arguments); });
}

}  // namespace lichtbild::cli
