// NAME.lens.toml read: strictly, so that a slip of the pen is an Error with line and column.
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "optics/files/lens_files.h"
#include "optics/files/limits.h"
#include "optics/files/material_name.h"
#include "optics/files/toml_table.h"

namespace lichtbild::optics {
namespace {

double curvature_from(const TomlTable& table, std::string_view radius_key,
                      std::string_view curvature_key) {
  const auto radius = table.optional_number(radius_key);
  const auto curvature = table.optional_number(curvature_key);
  if (radius && curvature)
    table.complain(fmt::format("both {} and {}", radius_key, curvature_key), "give one of them");
  if (curvature) return *curvature;
  if (!radius) return 0;
  if (*radius == 0 || std::isnan(*radius))
    complain_at(*table.find(radius_key), table.where(),
                fmt::format("{} is {}", radius_key, *radius), "write inf for a plane");
  return 1 / *radius;
}

Material material_from(const toml::node& node, const std::string& where) {
  if (const auto name = node.value<std::string>(); name && node.is_string()) {
    if (name->empty())
      complain_at(node, where, "material is empty", "write \"air\", or leave it out");
    return material_from_name(*name);
  }
  const TomlTable table(
      node, where, "material",
      {"glass", "catalog", "nd", "vd", "dpgf", "index", "wavelengths_nm", "indices"});
  const auto only = [&](std::initializer_list<std::string_view> keys, std::string_view kind) {
    for (const auto& [key, value] : table.table())
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
        table.complain(fmt::format("{} does not go with {}", key.str(), kind),
                       "give one or the other");
  };
  if (table.has("glass")) {
    only({"glass", "catalog"}, "glass");
    return NamedGlass{table.text("glass"), table.text("catalog")};
  }
  if (table.has("nd")) {
    only({"nd", "vd", "dpgf"}, "nd");
    return ModelGlass{table.number("nd"), table.number("vd"), table.optional_number("dpgf")};
  }
  if (table.has("index")) {
    only({"index"}, "index");
    return ConstantIndex{table.number("index")};
  }
  if (table.has("indices")) {
    only({"indices", "wavelengths_nm"}, "indices");
    return IndexTable{table.numbers("wavelengths_nm"), table.numbers("indices")};
  }
  table.complain(
      "no index",
      "write \"NAME\", { nd = , vd = }, { index = } or { wavelengths_nm = , indices = }");
}

// ---- Shapes -------------------------------------------------------------------------------------

// "r4" -> 4; the highest power known is 30.
std::optional<int> power_in(std::string_view key, char letter) {
  int power = 0;
  if (key.size() < 2 || key[0] != letter) return std::nullopt;
  const auto [end, error] = std::from_chars(key.data() + 1, key.data() + key.size(), power);
  if (error != std::errc() || end != key.data() + key.size() || power < 1 || power > 30)
    return std::nullopt;
  return power;
}

const toml::table& terms_of(const TomlTable& surface, std::string_view name) {
  const toml::table* terms = surface.find(name)->as_table();
  if (!terms)
    complain_at(*surface.find(name), surface.where(), fmt::format("{} is not a table", name),
                "write { power = coefficient }");
  return *terms;
}

// The coefficients of `letter` to the powers step, 2 step, ... ; `other` are keys read elsewhere.
std::vector<double> coefficients_from(const TomlTable& surface, std::string_view name, char letter,
                                      int step,
                                      std::initializer_list<std::string_view> other = {}) {
  std::vector<double> coefficients;
  for (const auto& [key, value] : terms_of(surface, name)) {
    if (std::find(other.begin(), other.end(), key.str()) != other.end()) continue;
    const auto power = power_in(key.str(), letter);
    if (!power || *power % step != 0)
      complain_at(value, surface.where(), fmt::format("unknown key '{}' in {}", key.str(), name),
                  fmt::format("write {0}{1} to {0}30 in steps of {1}", letter, step));
    const std::size_t place = static_cast<std::size_t>(*power / step);
    if (coefficients.size() < place) coefficients.resize(place);
    coefficients[place - 1] = number_from(value, surface.where(), key.str());
  }
  return coefficients;
}

template <class Form>
Form q_from(const TomlTable& surface, std::string_view name) {
  const TomlTable table(*surface.find(name), surface.where(), std::string(name),
                        {"normalization_radius_mm", "a"});
  return Form{table.number("normalization_radius_mm"), table.numbers("a")};
}

Biconic biconic_from(const TomlTable& surface) {
  const TomlTable table(*surface.find("biconic"), surface.where(), "biconic",
                        {"radius_x_mm", "curvature_x", "conic_x"});
  return Biconic{curvature_from(table, "radius_x_mm", "curvature_x"), table.number("conic_x", 0)};
}

Toroid toroid_from(const TomlTable& surface) {
  Toroid toroid;
  if (const toml::node* radius = terms_of(surface, "toroid").get("radius_x_mm"))
    toroid.radius_x_mm = number_from(*radius, surface.where(), "radius_x_mm");
  toroid.coefficients = coefficients_from(surface, "toroid", 'y', 2, {"radius_x_mm"});
  return toroid;
}

// "x2y1" -> 2, 1; either may be left out.
std::optional<XyPolynomial::Term> xy_powers(std::string_view key) {
  XyPolynomial::Term term;
  const std::size_t y = std::min(key.find('y'), key.size());
  const std::string_view x_part = key.substr(0, y), y_part = key.substr(y);
  const auto read = [](std::string_view part, char letter, int& power) {
    if (part.empty()) return true;
    if (part[0] != letter || part.size() < 2) return false;
    const auto [end, error] = std::from_chars(part.data() + 1, part.data() + part.size(), power);
    return error == std::errc() && end == part.data() + part.size();
  };
  if (key.empty() || !read(x_part, 'x', term.x_power) || !read(y_part, 'y', term.y_power))
    return std::nullopt;
  return term;
}

XyPolynomial xy_from(const TomlTable& surface) {
  XyPolynomial xy;
  for (const auto& [key, value] : terms_of(surface, "xy")) {
    if (key.str() == "normalization_radius_mm") {
      xy.normalization_radius_mm = number_from(value, surface.where(), key.str());
      continue;
    }
    auto term = xy_powers(key.str());
    if (!term)
      complain_at(value, surface.where(), fmt::format("unknown key '{}' in xy", key.str()),
                  "write x2y0 = for the coefficient of x^2 y^0");
    term->coefficient_mm = number_from(value, surface.where(), key.str());
    xy.terms.push_back(*term);
  }
  return xy;
}

Shape shape_from(const TomlTable& surface) {
  Shape shape{curvature_from(surface, "radius_mm", "curvature"), surface.number("conic", 0), {}};
  std::string_view form;
  for (const std::string_view name :
       {"asphere", "odd_asphere", "q_bfs", "q_con", "biconic", "toroid", "xy"}) {
    if (!surface.has(name)) continue;
    if (!form.empty())
      complain_at(*surface.find(name), surface.where(), fmt::format("both {} and {}", form, name),
                  "a surface has one form");
    form = name;
  }
  if (form == "asphere") shape.form = EvenAsphere{coefficients_from(surface, form, 'r', 2)};
  if (form == "odd_asphere") shape.form = OddAsphere{coefficients_from(surface, form, 'r', 1)};
  if (form == "q_bfs") shape.form = q_from<QBfs>(surface, form);
  if (form == "q_con") shape.form = q_from<QCon>(surface, form);
  if (form == "biconic") shape.form = biconic_from(surface);
  if (form == "toroid") shape.form = toroid_from(surface);
  if (form == "xy") shape.form = xy_from(surface);
  return shape;
}

// ---- Surfaces -----------------------------------------------------------------------------------

ClearAperture aperture_from(const toml::node& node, const std::string& where) {
  const TomlTable table(node, where, "aperture",
                        {"inner_mm", "outer_mm", "half_width_mm", "half_height_mm", "obscures",
                         "decenter_x_mm", "decenter_y_mm"});
  ClearAperture aperture;
  const bool rectangular = table.has("half_width_mm") || table.has("half_height_mm");
  if (rectangular && (table.has("inner_mm") || table.has("outer_mm")))
    table.complain("both circular and rectangular", "give radii or half widths");
  if (rectangular)
    aperture.outline = RectangularAperture{table.number("half_width_mm"),
                                           table.number("half_height_mm"), table.flag("obscures")};
  else if (table.has("obscures"))
    table.complain("obscures belongs to a rectangle",
                   "write inner_mm for the radius of a circular obscuration");
  else
    aperture.outline = CircularAperture{table.number("inner_mm", 0),
                                        table.number("outer_mm", CircularAperture{}.outer_mm)};
  aperture.decenter_x_mm = table.number("decenter_x_mm", 0);
  aperture.decenter_y_mm = table.number("decenter_y_mm", 0);
  return aperture;
}

Placement placement_from(const toml::node& node, const std::string& where) {
  const TomlTable table(node, where, "placement",
                        {"decenter_x_mm", "decenter_y_mm", "decenter_z_mm", "tilt_x_deg",
                         "tilt_y_deg", "tilt_z_deg", "tilt_first", "after"});
  Placement placement{table.number("decenter_x_mm", 0), table.number("decenter_y_mm", 0),
                      table.number("decenter_z_mm", 0), table.number("tilt_x_deg", 0),
                      table.number("tilt_y_deg", 0),    table.number("tilt_z_deg", 0),
                      table.flag("tilt_first"),         Placement::After::stay};
  const std::string after = table.text("after");
  if (after == "restore")
    placement.after = Placement::After::restore;
  else if (after == "bend")
    placement.after = Placement::After::bend;
  else if (!after.empty() && after != "stay")
    complain_at(*table.find("after"), where, fmt::format("after = '{}'", after),
                "write stay, restore or bend");
  return placement;
}

// What [[surface]] and [image] share.
Surface common_from(const TomlTable& table) {
  Surface surface;
  surface.label = table.text("label");
  surface.shape = shape_from(table);
  surface.semi_diameter_mm = table.optional_number("semi_diameter_mm");
  if (const toml::node* aperture = table.find("aperture"))
    surface.aperture = aperture_from(*aperture, table.where());
  if (const toml::node* placement = table.find("placement"))
    surface.placement = placement_from(*placement, table.where());
  return surface;
}

Surface surface_from(const toml::node& node, const std::string& where) {
  const TomlTable table(node, where, "[[surface]]",
                        {"label", "radius_mm", "curvature", "thickness_mm", "material", "conic",
                         "asphere", "odd_asphere", "q_bfs", "q_con", "biconic", "toroid", "xy",
                         "semi_diameter_mm", "aperture", "stop", "coordinate_break", "placement"});
  Surface surface = common_from(table);
  surface.coordinate_break = table.flag("coordinate_break");
  surface.stop = table.flag("stop");
  surface.thickness_mm = table.number("thickness_mm");
  if (const toml::node* material = table.find("material"))
    surface.material = material_from(*material, where);
  return surface;
}

std::vector<Surface> surfaces_from(const TomlTable& root) {
  const toml::node* node = root.find("surface");
  if (!node) root.complain("no surfaces", "write [[surface]] once for each");
  const toml::array* array = node->as_array();
  if (!array) complain_at(*node, root.where(), "surface is not a list", "write [[surface]]");
  if (array->size() > most_surfaces)
    complain_at(*node, root.where(), fmt::format("{} surfaces", array->size()),
                fmt::format("at most {} are taken", most_surfaces));
  std::vector<Surface> surfaces;
  for (const toml::node& item : *array) surfaces.push_back(surface_from(item, root.where()));
  return surfaces;
}

// ---- Aperture, fields, wavelengths --------------------------------------------------------------

SystemAperture system_aperture_from(const TomlTable& root) {
  using Kind = SystemAperture::Kind;
  const toml::node* node = root.find("aperture");
  if (!node) root.complain("[aperture] is missing", "write [aperture] and f_number = 2");
  const TomlTable table(
      *node, root.where(), "[aperture]",
      {"f_number", "entrance_pupil_diameter_mm", "image_na", "object_na", "stop_semi_diameter_mm"});
  if (table.table().size() != 1)
    table.complain(table.table().empty() ? "nothing is given" : "more than one is given",
                   "give one of f_number, entrance_pupil_diameter_mm, image_na, object_na, "
                   "stop_semi_diameter_mm");
  const auto only = table.table().begin();
  const std::string_view key = only->first.str();
  const Kind kind = key == "f_number"                     ? Kind::f_number
                    : key == "entrance_pupil_diameter_mm" ? Kind::entrance_pupil_diameter_mm
                    : key == "image_na"                   ? Kind::image_na
                    : key == "object_na"                  ? Kind::object_na
                                                          : Kind::stop_semi_diameter_mm;
  return {kind, table.number(key)};
}

Field field_from(const toml::node& node, const std::string& where) {
  Field field;
  if (node.is_number()) {
    field.y = number_from(node, where, "a field");
  } else if (node.is_array()) {
    const std::vector<double> pair = numbers_from(node, where, "a field");
    if (pair.size() != 2)
      complain_at(node, where, fmt::format("a field of {} numbers", pair.size()), "write [x, y]");
    field.x = pair[0];
    field.y = pair[1];
  } else {
    const TomlTable table(node, where, "a field", {"x", "y", "weight", "vdx", "vdy", "vcx", "vcy"});
    field = {table.number("x", 0),   table.number("y", 0),   table.number("weight", 1),
             table.number("vdx", 0), table.number("vdy", 0), table.number("vcx", 0),
             table.number("vcy", 0)};
  }
  return field;
}

void read_fields(Lens& lens, const TomlTable& root) {
  const toml::node* node = root.find("field");
  if (!node) root.complain("[field] is missing", "write [field] and angle_deg = [0, 14, 20]");
  const TomlTable table(
      *node, root.where(), "[field]",
      {"angle_deg", "object_height_mm", "paraxial_image_height_mm", "real_image_height_mm"});
  if (table.table().size() != 1)
    table.complain(table.table().empty() ? "nothing is given" : "more than one kind is given",
                   "give one of angle_deg, object_height_mm, paraxial_image_height_mm, "
                   "real_image_height_mm");
  const auto only = table.table().begin();  // its pair lives in the iterator
  const std::string_view key = only->first.str();
  const toml::node& list = only->second;
  lens.field_kind = key == "angle_deg"                  ? FieldKind::angle_deg
                    : key == "object_height_mm"         ? FieldKind::object_height_mm
                    : key == "paraxial_image_height_mm" ? FieldKind::paraxial_image_height_mm
                                                        : FieldKind::real_image_height_mm;
  const toml::array* fields = list.as_array();
  if (!fields)
    complain_at(list, root.where(), fmt::format("{} is not a list", key),
                "write [y, ...], [[x, y], ...] or [{ y = , weight = , vcy = }, ...]");
  for (const toml::node& field : *fields) lens.fields.push_back(field_from(field, root.where()));
}

void read_wavelengths(Lens& lens, const TomlTable& root) {
  for (const double wavelength : root.numbers("wavelengths_nm"))
    lens.wavelengths.push_back({wavelength, 1});
  if (const toml::node* node = root.find("wavelength_weights")) {
    const std::vector<double> weights = numbers_from(*node, root.where(), "wavelength_weights");
    if (weights.size() != lens.wavelengths.size())
      complain_at(
          *node, root.where(),
          fmt::format("{} weights for {} wavelengths", weights.size(), lens.wavelengths.size()),
          "give one for each");
    for (std::size_t i = 0; i < weights.size(); ++i) lens.wavelengths[i].weight = weights[i];
  }
  const auto reference = root.optional_number("reference_nm");
  if (!reference) {
    if (lens.wavelengths.size() > 1)
      root.complain("reference_nm is missing", "name one of wavelengths_nm");
    return;
  }
  for (std::size_t i = 0; i < lens.wavelengths.size(); ++i)
    if (lens.wavelengths[i].wavelength_nm == *reference) {
      lens.reference_wavelength = static_cast<int>(i);
      return;
    }
  complain_at(*root.find("reference_nm"), root.where(),
              fmt::format("{} nm is none of wavelengths_nm", *reference), "name one of them");
}

}  // namespace

Lens parse_lens_toml(std::string_view text, const std::string& where) {
  const toml::table parsed = parsed_toml(text, where);
  const TomlTable root(parsed, where, "a lens file",
                       {"title", "source", "notes", "wavelengths_nm", "wavelength_weights",
                        "reference_nm", "object_distance_mm", "object_material", "temperature_c",
                        "pressure_atm", "aperture", "field", "surface", "image"});
  Lens lens;
  lens.title = root.text("title");
  lens.source = root.text("source");
  lens.notes = root.texts("notes");
  lens.aperture = system_aperture_from(root);
  read_fields(lens, root);
  read_wavelengths(lens, root);
  lens.object_distance_mm = root.number("object_distance_mm", lens.object_distance_mm);
  lens.temperature_c = root.number("temperature_c", lens.temperature_c);
  lens.pressure_atm = root.number("pressure_atm", lens.pressure_atm);
  if (const toml::node* material = root.find("object_material"))
    lens.object_material = material_from(*material, where);
  lens.surfaces = surfaces_from(root);
  if (const toml::node* image = root.find("image"))
    lens.image = common_from(TomlTable(
        *image, where, "[image]",
        {"label", "radius_mm", "curvature", "conic", "asphere", "odd_asphere", "q_bfs", "q_con",
         "biconic", "toroid", "xy", "semi_diameter_mm", "aperture", "placement"}));
  check(lens, where);
  return lens;
}

}  // namespace lichtbild::optics
