#include "camera_file.h"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/atomic_file.h"
#include "core/error.h"
#include "optics/files/toml_table.h"

namespace lichtbild {
namespace {

using optics::complain_at;
using optics::TomlTable;

std::string beside(const std::string& camera, const std::string& file) {
  const std::filesystem::path path(file);
  return path.is_absolute()
             ? file
             : (std::filesystem::path(camera).parent_path() / path).lexically_normal().string();
}

// The table's number, inside a range; `otherwise` if it is absent.
double number_in(const TomlTable& table, std::string_view key, double low, double high,
                 std::optional<double> otherwise = {}) {
  if (otherwise && !table.has(key)) return *otherwise;
  const double value = table.number(key);
  if (value >= low && value <= high) return value;
  complain_at(*table.find(key), table.where(), fmt::format("{} = {:g} is impossible", key, value),
              fmt::format("it is between {:g} and {:g}", low, high));
}

int count_in(const TomlTable& table, std::string_view key, int low, int high,
             std::optional<double> otherwise = {}) {
  const double value = number_in(table, key, low, high, otherwise);
  if (value == std::floor(value)) return int(value);
  complain_at(*table.find(key), table.where(),
              fmt::format("{} = {:g} is no whole number", key, value), "write one");
}

Cfa cfa_from(const TomlTable& table) {
  const std::string name = table.text("cfa");
  Cfa cfa;
  constexpr CfaColor r = CfaColor::red, g = CfaColor::green, b = CfaColor::blue;
  if (name.empty() || name == "RGGB")
    cfa.colors = {r, g, g, b};
  else if (name == "BGGR")
    cfa.colors = {b, g, g, r};
  else if (name == "GRBG")
    cfa.colors = {g, r, b, g};
  else if (name == "GBRG")
    cfa.colors = {g, b, r, g};
  else
    complain_at(*table.find("cfa"), table.where(), fmt::format("cfa = \"{}\" is unknown", name),
                "known: RGGB, BGGR, GRBG, GBRG");
  return cfa;
}

void read_efficiency(const TomlTable& table, const std::string& camera, Sensor& sensor) {
  const std::string file = table.text("sensitivities");
  if (file.empty())
    table.complain("sensitivities is missing", "name a table of quantum efficiencies");
  const std::string path = beside(camera, file);
  sensor.quantum_efficiency = read_quantum_efficiency(path);
  const char* names[] = {"red", "green", "blue"};
  for (int c = 0; c < 3; ++c) {
    const double most = std::ranges::max(sensor.quantum_efficiency[c].value);
    if (most > 1)
      throw Error(path, fmt::format("the {} quantum efficiency {:g} is impossible", names[c], most),
                  "electrons per photon lie between 0 and 1");
    if (most < 1e-3)
      throw Error(path, fmt::format("{} sees no light between 380 and 780 nm", names[c]),
                  "check the units of wavelength and efficiency");
  }
}

void read_angles(const TomlTable& table, Sensor& sensor) {
  if (!table.has("angle_response")) return;
  const toml::node& node = *table.find("angle_response");
  const toml::array* pairs = node.as_array();
  if (!pairs || pairs->empty() || pairs->size() > sensor.angle_response.size())
    complain_at(node, table.where(), "angle_response is no list of one to four pairs",
                "write [[0, 1], [30, 0.9]]: degrees and the share of light");
  double last = -1;
  for (std::size_t i = 0; i < sensor.angle_response.size(); ++i) {
    if (i < pairs->size()) {
      const auto pair = optics::numbers_from((*pairs)[i], table.where(), "angle_response");
      if (pair.size() != 2 || !(pair[0] > last) || !(pair[1] > 0 && pair[1] <= 1.5))
        complain_at((*pairs)[i], table.where(), "no pair of a growing angle and a share of light",
                    "write [degrees, share]");
      last = pair[0];
      sensor.angle_response[i] = {pair[0], pair[1]};
    } else {
      sensor.angle_response[i] = {90.0 + double(i), sensor.angle_response[i - 1][1]};
    }
  }
}

Sensor sensor_from(const TomlTable& table, const std::string& camera) {
  Sensor s;
  s.pixel_um = number_in(table, "pixel_um", 0.3, 50);
  s.width = count_in(table, "width_px", 16, 65534);
  s.height = count_in(table, "height_px", 16, 65534);
  if (s.width % 2 != 0 || s.height % 2 != 0)
    complain_at(*table.find("width_px"), table.where(), "an odd number of columns or rows",
                "a Bayer filter takes even numbers");
  s.cfa = cfa_from(table);
  s.quad_bayer = table.has("quad_bayer") && table.flag("quad_bayer");
  read_efficiency(table, camera, s);
  s.full_well_e = number_in(table, "full_well_e", 10, 1e7);
  s.base_iso = number_in(table, "base_iso", 1, 1e5, 100);
  s.largest_iso = number_in(table, "largest_iso", s.base_iso, 1e7, 64 * s.base_iso);
  s.read_noise_e = number_in(table, "read_noise_e", 0, 1e4, 0);
  s.converter_noise_dn = number_in(table, "converter_noise_dn", 0, 1e3, 0);
  s.dark_current_e_s = number_in(table, "dark_current_e_s", 0, 1e6, 0);
  s.dark_doubling_c = number_in(table, "dark_doubling_c", 1, 100, 6);
  s.prnu = number_in(table, "prnu", 0, 0.5, 0);
  s.dsnu_e = number_in(table, "dsnu_e", 0, 1e4, 0);
  s.hot_pixel_share = number_in(table, "hot_pixel_share", 0, 0.1, 0);
  s.hot_current_e_s = number_in(table, "hot_current_e_s", 0, 1e7, s.hot_current_e_s);
  s.bits = count_in(table, "bits", 8, 16, 12);
  s.black_dn = count_in(table, "black_dn", 0, (1 << s.bits) / 2, 64);
  s.seed = std::uint64_t(number_in(table, "seed", 0, 1e15, 1));
  read_angles(table, s);
  return s;
}

Matrix3 matrix_from(const TomlTable& table, std::string_view key) {
  if (!table.has(key)) table.complain(fmt::format("{} is missing", key), "calibrate the camera");
  const toml::node& node = *table.find(key);
  const toml::array* rows = node.as_array();
  Matrix3 matrix;
  bool sound = rows && rows->size() == 3;
  for (int i = 0; sound && i < 3; ++i) {
    const auto numbers = optics::numbers_from((*rows)[i], table.where(), key);
    sound = numbers.size() == 3;
    for (int j = 0; sound && j < 3; ++j) matrix(i, j) = numbers[j];
  }
  if (!sound || !matrix.is_invertible())
    complain_at(node, table.where(), fmt::format("{} is no invertible 3 x 3 matrix", key),
                "write three rows of three numbers");
  return matrix;
}

void read_lensfun_part(const TomlTable& lens, Camera::LensfunPart& part) {
  part.model = lens.text("model");
  part.crop_factor = number_in(lens, "crop_factor", 0.1, 100, 0);
  part.focal_length_mm = number_in(lens, "focal_length_mm", 0.1, 1e4, 0);
  part.f_number = number_in(lens, "f_number", 0.1, 1000, 0);
}

void read_lens_part(const toml::node& node, Camera& camera) {
  const TomlTable lens(node, camera.path, "[lens]",
                       {"file", "profile", "focus_distance_mm", "transmission", "lensfun", "model",
                        "crop_factor", "focal_length_mm", "f_number"});
  Camera::LensPart& part = camera.lens;
  part.file = lens.text("file");
  part.profile = lens.text("profile");
  part.lensfun.database = lens.text("lensfun");
  int named = 0;
  for (std::string* file : {&part.file, &part.profile, &part.lensfun.database}) {
    if (file->empty()) continue;
    *file = beside(camera.path, *file);
    ++named;
  }
  if (named != 1)
    lens.complain("[lens] needs one of file, profile and lensfun", "name one of them");
  if (!part.lensfun.database.empty()) {
    read_lensfun_part(lens, part.lensfun);
  } else {
    for (const char* key : {"model", "crop_factor", "focal_length_mm", "f_number"})
      if (lens.has(key))
        complain_at(*lens.find(key), lens.where(), fmt::format("{} belongs to lensfun", key),
                    "take it out: file and profile say it themselves");
  }
  part.focus_distance_mm =
      number_in(lens, "focus_distance_mm", 1, INFINITY, std::numeric_limits<double>::infinity());
  part.transmission = number_in(lens, "transmission", 0.01, 1, 1);
}

void read_color(const toml::node& node, Camera& camera) {
  const TomlTable color(node, camera.path, "[color]", {"illuminant"});
  const toml::array* sets =
      color.has("illuminant") ? color.find("illuminant")->as_array() : nullptr;
  if (!sets || sets->empty() || sets->size() > 2)
    complain_at(node, camera.path, "no list of one or two color calibrations",
                "let lichtbild calibrate color write them");
  for (std::size_t i = 0; i < sets->size(); ++i) {
    const TomlTable table((*sets)[i], camera.path, "[[color.illuminant]]",
                          {"temperature_kelvin", "camera_from_xyz", "xyz_d50_from_camera"});
    CameraColor::Illuminant& set = camera.color[i];
    set.temperature_kelvin = number_in(table, "temperature_kelvin", 1000, 50000);
    set.camera_from_xyz = matrix_from(table, "camera_from_xyz");
    if (table.has("xyz_d50_from_camera"))
      set.xyz_d50_from_camera = matrix_from(table, "xyz_d50_from_camera");
  }
}

}  // namespace

Camera read_camera(const std::string& path) { return parse_camera(read_file(path), path); }

Camera parse_camera(const std::string& text, const std::string& path) {
  const toml::table root = optics::parsed_toml(text, path);
  const TomlTable table(root, path, "the camera",
                        {"make", "model", "source", "lens", "sensor", "exposure", "color"});
  Camera camera;
  camera.path = path;
  camera.make = table.text("make");
  camera.model = table.text("model");
  camera.source = table.text("source");
  if (camera.model.empty()) table.complain("model is missing", "name the camera: model = \"...\"");
  if (!table.has("lens")) table.complain("[lens] is missing", "name a lens file or a profile");
  read_lens_part(*table.find("lens"), camera);
  if (table.has("sensor"))
    camera.sensor = sensor_from(TomlTable(*table.find("sensor"), path, "[sensor]",
                                          {"pixel_um",
                                           "width_px",
                                           "height_px",
                                           "cfa",
                                           "quad_bayer",
                                           "sensitivities",
                                           "full_well_e",
                                           "base_iso",
                                           "largest_iso",
                                           "read_noise_e",
                                           "converter_noise_dn",
                                           "dark_current_e_s",
                                           "dark_doubling_c",
                                           "prnu",
                                           "dsnu_e",
                                           "hot_pixel_share",
                                           "hot_current_e_s",
                                           "bits",
                                           "black_dn",
                                           "seed",
                                           "angle_response"}),
                                path);
  else if (!camera.lens.file.empty())
    table.complain("[sensor] is missing", "a lens file is traced for a sensor");
  if (table.has("exposure")) {
    const TomlTable limits(*table.find("exposure"), path, "[exposure]",
                           {"shortest_s", "longest_s"});
    camera.shortest_exposure_s = number_in(limits, "shortest_s", 1e-7, 3600, 1.0 / 16000);
    camera.longest_exposure_s = number_in(limits, "longest_s", camera.shortest_exposure_s, 3600,
                                          std::max(0.25, camera.shortest_exposure_s));
  }
  if (table.has("color")) read_color(*table.find("color"), camera);
  return camera;
}

}  // namespace lichtbild
