#include "tests/reference_lens.h"

#include <cmath>
#include <stdexcept>

namespace lichtbild::optics {
namespace {

using nlohmann::json;

double number(const json& value) {
  if (value.is_string() && value.get<std::string>().empty()) return 0;  // an empty cell of a table
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

Material material_from(const json& m) {
  if (m.is_null()) return Air{};
  if (m.contains("name")) return NamedGlass{m["name"], m.value("catalog", "")};
  return ModelGlass{m["nd"], m["vd"]};
}

// Coefficients of r^2, r^4, ... from {power: value}, CODE V letters or "A<power>" and conics.
void take_aspherics(Surface& surface, const json& coefficients) {
  EvenAsphere even;
  const auto put = [&even](int power, double value) {
    if (int(even.coefficients.size()) < power / 2) even.coefficients.resize(power / 2);
    even.coefficients[power / 2 - 1] = value;
  };
  if (coefficients.is_array()) {  // OpticalBench: radius, k, A4, A6, ...
    surface.shape.conic = number(coefficients[1]);
    for (std::size_t i = 2; i < coefficients.size(); ++i) put(2 * int(i), number(coefficients[i]));
  } else {
    for (const auto& [key, value] : coefficients.items()) {
      if (key == "K") {
        surface.shape.conic = number(value);
      } else if (std::isdigit(static_cast<unsigned char>(key[0]))) {
        put(std::stoi(key), number(value));
      } else if (key.size() > 1) {
        put(std::stoi(key.substr(1)), number(value));
      } else {
        // A is r^4, B r^6, ...; I is not used.
        put(4 + 2 * (key[0] - 'A' - (key[0] > 'I' ? 1 : 0)), number(value));
      }
    }
  }
  if (!even.coefficients.empty()) surface.shape.form = even;
}

Surface surface_from(const json& s) {
  Surface surface;
  surface.label = s.value("label", "");
  if (!s["radius"].is_null()) surface.shape.curvature = 1 / s["radius"].get<double>();
  if (s.contains("curvature")) surface.shape.curvature = s["curvature"];
  surface.shape.conic = s.contains("conic") ? s["conic"].get<double>() : 0;
  surface.thickness_mm = s["thickness"].is_null() ? 0 : s["thickness"].get<double>();
  surface.material = material_from(s["material"]);
  surface.stop = s.value("stop", false);
  if (s.contains("semi_diameter")) surface.semi_diameter_mm = s["semi_diameter"].get<double>();
  for (const char* key : {"coefs", "asphere_raw"})
    if (s.contains(key) && !s[key].is_null() && !s[key].empty()) take_aspherics(surface, s[key]);
  return surface;
}

}  // namespace

json corrected(json entry, const json& corrections) {
  const auto found = corrections.find(entry["id"].get<std::string>());
  if (found == corrections.end()) return entry;
  json& prescription = entry["prescription"];
  std::size_t used = 0;
  for (json& surface : prescription["surfaces"])
    if (const auto change = found->at("surfaces").find(std::to_string(surface["i"].get<int>()));
        change != found->at("surfaces").end()) {
      surface.merge_patch(*change);
      ++used;
    }
  if (used != found->at("surfaces").size())
    throw std::runtime_error("reference_corrections.json: a surface that the lens has not");
  if (found->contains("defocus_image")) prescription["defocus_image"] = found->at("defocus_image");
  prescription["note"] = found->at("note");
  return entry;
}

Lens lens_from_reference(const json& entry) {
  const json& p = entry["prescription"];
  Lens lens;
  lens.title = entry["name"];
  lens.source = entry.value("prescription_source", "");
  for (const json& s : p.value("surfaces", json::array())) lens.surfaces.push_back(surface_from(s));
  // Patents mark flare stops as well; the aperture is the one they call so, else the first.
  bool has_stop = false;
  bool named = false;
  for (const Surface& s : lens.surfaces) named = named || (s.stop && s.label == "Ape. Stop");
  for (Surface& s : lens.surfaces) {
    if (s.stop && (has_stop || (named && s.label != "Ape. Stop"))) s.stop = false;
    has_stop = has_stop || s.stop;
  }
  // A row that is the image itself.
  if (!lens.surfaces.empty() &&
      (lens.surfaces.back().label == "Image" || lens.surfaces.back().label == "image"))
    lens.surfaces.pop_back();
  if (!lens.surfaces.empty() && p.contains("defocus_image"))
    lens.surfaces.back().thickness_mm += p["defocus_image"].get<double>();

  const json& aperture = p["aperture"];
  const std::string type = aperture["type"];
  lens.aperture.value = aperture["value"];
  lens.aperture.kind = type == "EPD" ? SystemAperture::Kind::entrance_pupil_diameter_mm
                       : type == "stop_semi_diameter" ? SystemAperture::Kind::stop_semi_diameter_mm
                                                      : SystemAperture::Kind::f_number;
  const bool full = p["fields"]["type"] == "full angle of view deg";
  for (const json& f : p["fields"]["values"]) {
    Field field;
    if (f.is_array()) {
      field.x = f[0];
      field.y = f[1];
    } else {
      field.y = number(f) / (full ? 2 : 1);
    }
    lens.fields.push_back(field);
  }
  for (const json& w : p["wavelengths_um"]) lens.wavelengths.push_back({w.get<double>() * 1000, 1});
  lens.reference_wavelength = p.value("primary", 0);
  return lens;
}

}  // namespace lichtbild::optics
