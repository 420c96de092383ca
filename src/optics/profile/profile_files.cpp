// One tree of keys for TOML and JSON alike; a double is written as the shortest text that reads
// back.
#include "optics/profile/profile_files.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "core/atomic_file.h"
#include "core/error.h"
#include "optics/profile/cbor_shape.h"

namespace lichtbild::optics {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* channel_names[] = {"red", "green", "blue"};

// ---- To the tree
// ----------------------------------------------------------------------------------

enum class Numbers { text, binary };

// As texts the doubles with a float's shortest text; in binary files a string of bytes: floats,
// little-endian. A list of a million values would be read in 0.1 s.
Json cells_of(const PsfKernel& kernel, Numbers numbers) {
  if (numbers == Numbers::binary) {
    std::vector<std::uint8_t> bytes(sizeof(float) * kernel.cell.size());
    std::memcpy(bytes.data(), kernel.cell.data(), bytes.size());
    return Json::binary(std::move(bytes));
  }
  Json cells = Json::array();
  for (const float cell : kernel.cell) cells.push_back(std::stod(fmt::format("{}", cell)));
  return cells;
}

Json tree_from(const PsfKernel& kernel, Numbers numbers) {
  return {{"enclosed", kernel.enclosed}, {"cell", cells_of(kernel, numbers)}};
}

Json channel_tree(const LensProfile& p, int c, Numbers numbers) {
  Json kernels = Json::array();
  for (const PsfKernel& kernel : p.psf.kernel[c]) kernels.push_back(tree_from(kernel, numbers));
  return {{"wavelength_nm", p.bands[c].wavelength_nm}, {"weight", p.bands[c].weight},
          {"real_radius", p.geometry.real[c]},         {"warp", p.geometry.k[c]},
          {"illumination", p.shading.illumination[c]}, {"psf", kernels}};
}

Json tree_from(const LensProfile& p, Numbers numbers) {
  Json tree = {{"title", p.title},
               {"source", p.source},
               {"focal_length_mm", p.focal_length_mm},
               {"f_number", p.f_number},
               {"image_circle_mm", p.image_circle_mm},
               {"center", {p.center_x, p.center_y}}};
  if (std::isfinite(p.object_distance_mm)) tree["object_distance_mm"] = p.object_distance_mm;
  tree["sensor"] = {{"pixel_um", p.sensor.pixel_um},
                    {"width_px", p.sensor.width_px},
                    {"height_px", p.sensor.height_px}};
  tree["geometry"] = {{"ideal_radius", p.geometry.ideal},
                      {"largest_residual_px", p.geometry.largest_residual_px}};
  tree["shading"] = {{"radius", p.shading.radius},
                     {"gain", p.shading.gain},
                     {"largest_residual", p.shading.largest_residual}};
  if (!p.shading.chief_ray_deg.empty()) tree["shading"]["chief_ray_deg"] = p.shading.chief_ray_deg;
  tree["psf"] = {
      {"oversampling", p.psf.oversampling}, {"size", p.psf.size}, {"radius", p.psf.radius}};
  for (int c = 0; c < 3; ++c) tree[channel_names[c]] = channel_tree(p, c, numbers);
  return tree;
}

// ---- From the tree
// --------------------------------------------------------------------------------

// An object of the tree, read strictly.
class Keys {
 public:
  Keys(const Json& tree, std::string where, const std::set<std::string>& known)
      : tree_(tree), where_(std::move(where)) {
    if (!tree_.is_object()) throw Error(where_, "it is no table of keys", "write the keys in it");
    for (const auto& [key, value] : tree_.items())
      if (!known.contains(key)) throw Error(place(key), "unknown key", "take it out");
  }

  bool has(const std::string& key) const { return tree_.contains(key); }
  const Json& at(const std::string& key) const {
    if (!has(key)) throw Error(place(key), "the key is missing", "write the profile anew");
    return tree_[key];
  }
  double number(const std::string& key) const { return number_from(at(key), key); }
  double positive(const std::string& key) const {
    const double value = number(key);
    if (!(value > 0))
      throw Error(place(key), fmt::format("{} is not above 0", value), "correct it");
    return value;
  }
  int count(const std::string& key, int most) const {
    const double value = number(key);
    if (!(value >= 1 && value <= most) || value != std::floor(value))
      throw Error(place(key), fmt::format("{} is no count from 1 to {}", value, most),
                  "correct it");
    return int(value);
  }
  std::string text(const std::string& key) const {
    if (!at(key).is_string()) throw Error(place(key), "it is no text", "put it in quotes");
    return at(key).get<std::string>();
  }
  std::vector<double> numbers(const std::string& key, std::size_t size = 0) const {
    const Json& list = at(key);
    if (!list.is_array()) throw Error(place(key), "it is no list of numbers", "correct it");
    std::vector<double> out;
    for (const Json& item : list) out.push_back(number_from(item, key));
    if (size > 0 && out.size() != size)
      throw Error(place(key), fmt::format("{} numbers instead of {}", out.size(), size),
                  "tables that belong together are of one length");
    return out;
  }
  // From 0 or above, ascending, at least two.
  std::vector<double> radii(const std::string& key) const {
    std::vector<double> out = numbers(key);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (!(out[i] >= 0) || (i > 0 && !(out[i] > out[i - 1])))
        throw Error(place(key), "the radii do not ascend from 0", "sort them");
    if (out.size() < 2) throw Error(place(key), "fewer than two radii", "write the profile anew");
    return out;
  }
  std::string place(const std::string& key) const { return where_ + ": " + key; }

 private:
  double number_from(const Json& item, const std::string& key) const {
    if (!item.is_number() || !std::isfinite(item.get<double>()))
      throw Error(place(key), "it is no finite number", "correct it");
    return item.get<double>();
  }
  const Json& tree_;
  std::string where_;
};

PsfKernel kernel_from(const Json& tree, const std::string& where, int size) {
  const Keys keys(tree, where, {"enclosed", "cell"});
  PsfKernel kernel;
  kernel.enclosed = keys.number("enclosed");
  const std::size_t cells = std::size_t(size) * size;
  if (const Json& list = keys.at("cell"); !list.is_binary()) {
    for (const double cell : keys.numbers("cell", cells)) kernel.cell.push_back(float(cell));
    return kernel;
  }
  const auto& bytes = keys.at("cell").get_binary();
  if (bytes.size() != sizeof(float) * cells)
    throw Error(keys.place("cell"),
                fmt::format("{} bytes instead of {}", bytes.size(), sizeof(float) * cells),
                "write the profile anew");
  kernel.cell.resize(cells);
  std::memcpy(kernel.cell.data(), bytes.data(), bytes.size());
  for (const float cell : kernel.cell)
    if (!std::isfinite(cell))
      throw Error(keys.place("cell"), "it is no finite number", "write the profile anew");
  return kernel;
}

void read_channel(const Keys& root, const std::string& where, int c, LensProfile& p) {
  const std::string name = channel_names[c], place = where + ": " + name;
  const Keys keys(root.at(name), place,
                  {"wavelength_nm", "weight", "real_radius", "warp", "illumination", "psf"});
  p.bands[c].wavelength_nm = keys.numbers("wavelength_nm");
  p.bands[c].weight = keys.numbers("weight", p.bands[c].wavelength_nm.size());
  p.geometry.real[c] = keys.radii("real_radius");
  if (p.geometry.real[c].size() != p.geometry.ideal.size())
    throw Error(keys.place("real_radius"), "not as many radii as ideal_radius", "write it anew");
  const auto warp = keys.numbers("warp", 4);
  std::copy(warp.begin(), warp.end(), p.geometry.k[c].begin());
  p.shading.illumination[c] = keys.numbers("illumination", p.shading.radius.size());
  const Json& kernels = keys.at("psf");
  if (!kernels.is_array() || kernels.size() != p.psf.radius.size())
    throw Error(keys.place("psf"), "not one kernel for each radius", "write the profile anew");
  for (std::size_t i = 0; i < kernels.size(); ++i)
    p.psf.kernel[c].push_back(
        kernel_from(kernels[i], fmt::format("{}: psf {}", place, i + 1), p.psf.size));
}

LensProfile profile_from(const Json& tree, const std::string& where) {
  const Keys root(
      tree, where,
      {"title", "source", "focal_length_mm", "f_number", "image_circle_mm", "center",
       "object_distance_mm", "sensor", "geometry", "shading", "psf", "red", "green", "blue"});
  LensProfile p;
  p.title = root.text("title");
  p.source = root.text("source");
  p.focal_length_mm = root.positive("focal_length_mm");
  p.f_number = root.positive("f_number");
  p.image_circle_mm = root.positive("image_circle_mm");
  const auto center = root.numbers("center", 2);
  p.center_x = center[0];
  p.center_y = center[1];
  p.object_distance_mm = root.has("object_distance_mm") ? root.number("object_distance_mm")
                                                        : std::numeric_limits<double>::infinity();
  const Keys sensor(root.at("sensor"), where + ": sensor", {"pixel_um", "width_px", "height_px"});
  p.sensor.pixel_um = sensor.positive("pixel_um");
  p.sensor.width_px = sensor.count("width_px", 1 << 20);
  p.sensor.height_px = sensor.count("height_px", 1 << 20);
  const Keys geometry(root.at("geometry"), where + ": geometry",
                      {"ideal_radius", "largest_residual_px"});
  p.geometry.ideal = geometry.radii("ideal_radius");
  p.geometry.largest_residual_px = geometry.number("largest_residual_px");
  const Keys shading(root.at("shading"), where + ": shading",
                     {"radius", "gain", "largest_residual", "chief_ray_deg"});
  p.shading.radius = shading.radii("radius");
  const auto gain = shading.numbers("gain", 5);
  std::copy(gain.begin(), gain.end(), p.shading.gain.begin());
  p.shading.largest_residual = shading.number("largest_residual");
  if (shading.has("chief_ray_deg"))
    p.shading.chief_ray_deg = shading.numbers("chief_ray_deg", p.shading.radius.size());
  const Keys psf(root.at("psf"), where + ": psf", {"oversampling", "size", "radius"});
  p.psf.oversampling = psf.count("oversampling", 64);
  p.psf.size = psf.count("size", 1023);
  if (p.psf.size % 2 == 0)
    throw Error(psf.place("size"), "is even",
                "a kernel has a cell in its middle: give an odd size");
  p.psf.radius = psf.radii("radius");
  for (int c = 0; c < 3; ++c) read_channel(root, where, c, p);
  return p;
}

// ---- TOML
// -----------------------------------------------------------------------------------------

// Scalars and lists on one line; TOML and JSON agree on texts and numbers, but for 1e+20, which
// both read. JSON's integers stay below TOML's limit here.
std::string inline_value(const Json& value) { return value.dump(); }

bool is_tables(const Json& value) {
  return value.is_array() && !value.empty() && value[0].is_object();
}

void write_table(const Json& table, const std::string& path, std::string& out) {
  for (const auto& [key, value] : table.items())
    if (!value.is_object() && !is_tables(value))
      out.append(key).append(" = ").append(inline_value(value)).append("\n");
  for (const auto& [key, value] : table.items()) {
    const std::string name = path.empty() ? key : fmt::format("{}.{}", path, key);
    if (value.is_object()) {
      out += fmt::format("\n[{}]\n", name);
      write_table(value, name, out);
    } else if (is_tables(value)) {
      for (const Json& item : value) {
        out += fmt::format("\n[[{}]]\n", name);
        write_table(item, name, out);
      }
    }
  }
}

Json json_from(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json out = Json::object();
    for (const auto& [key, value] : *table) out[std::string(key.str())] = json_from(value);
    return out;
  }
  if (const auto* list = node.as_array()) {
    Json out = Json::array();
    for (const toml::node& item : *list) out.push_back(json_from(item));
    return out;
  }
  if (const auto number = node.as_floating_point()) return number->get();
  if (const auto number = node.as_integer()) return double(number->get());
  if (const auto text = node.as_string()) return text->get();
  return nullptr;  // a date or a flag: no key of ours
}

}  // namespace

std::string profile_json(const LensProfile& profile) {
  return tree_from(profile, Numbers::text).dump() + "\n";
}

std::vector<std::uint8_t> profile_cbor(const LensProfile& profile) {
  return Json::to_cbor(tree_from(profile, Numbers::binary));
}

std::string profile_toml(const LensProfile& profile) {
  std::string out;
  write_table(tree_from(profile, Numbers::text), "", out);
  return out;
}

LensProfile parse_profile_json(std::string_view text, const std::string& where) {
  Json tree;
  try {
    tree = Json::parse(text);
  } catch (const nlohmann::json::exception& e) {
    throw Error(where, e.what(), "it is no JSON: write the profile anew");
  }
  return profile_from(tree, where);
}

LensProfile parse_profile_cbor(std::string_view bytes, const std::string& where) {
  check_cbor_shape(bytes, where);
  Json tree;
  try {
    tree = Json::from_cbor(bytes);
  } catch (const nlohmann::json::exception& e) {
    throw Error(where, e.what(), "it is no CBOR: write the profile anew");
  }
  return profile_from(tree, where);
}

LensProfile parse_profile_toml(std::string_view text, const std::string& where) {
  Json tree;
  try {
    tree = json_from(toml::parse(text, where));
  } catch (const toml::parse_error& e) {
    throw Error(fmt::format("{}:{}:{}", where, e.source().begin.line, e.source().begin.column),
                std::string(e.description()), "it is no TOML: correct that place");
  }
  return profile_from(tree, where);
}

LensProfile read_profile(const std::string& path) {
  if (path.ends_with(".toml")) return parse_profile_toml(read_file(path), path);
  if (path.ends_with(".json")) return parse_profile_json(read_file(path), path);
  if (path.ends_with(".cbor")) return parse_profile_cbor(read_file(path), path);
  throw Error(path, "not a lens profile by its suffix", "give a .toml, .json or .cbor file");
}

void write_profile(const LensProfile& profile, const std::string& path) {
  std::string text;
  if (path.ends_with(".toml")) {
    text = profile_toml(profile);
  } else if (path.ends_with(".json")) {
    text = profile_json(profile);
  } else if (path.ends_with(".cbor")) {
    const auto bytes = profile_cbor(profile);
    text.assign(bytes.begin(), bytes.end());
  } else if (path.ends_with(".xml")) {
    text = lensfun_xml(profile);
  } else if (path.ends_with(".opcodes")) {
    const auto bytes = opcode_list_3(profile);
    text.assign(bytes.begin(), bytes.end());
  } else {
    throw Error(path, "no format by that suffix",
                "end it in .toml, .json, .cbor, .xml or .opcodes");
  }
  write_file(path, text);
}

}  // namespace lichtbild::optics
