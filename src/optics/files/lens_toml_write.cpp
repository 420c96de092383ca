// NAME.lens.toml written: what a reader turns into the same Lens, bit for bit.
#include <cmath>

#include "core/error.h"
#include "optics/files/lens_files.h"
#include "optics/files/limits.h"
#include "optics/files/material_name.h"
#include "optics/files/number_text.h"

namespace lichtbild::optics {
namespace {

std::string toml(double value) {
  std::string text = shortest(value);
  // TOML's integers have no -0 and end at 2^63.
  if (text.find_first_not_of("-0123456789") == text.npos && (text.size() > 15 || text == "-0"))
    text += ".0";
  return text;
}

std::string toml(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      quoted += std::string("\\") + c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string toml(const std::vector<double>& values) {
  std::string list;
  for (const double value : values) list += (list.empty() ? "" : ", ") + toml(value);
  return "[" + list + "]";
}

// The entries of an inline table.
class Inline {
 public:
  Inline& add(std::string_view key, const std::string& value) {
    entries_ += fmt::format("{}{} = {}", entries_.empty() ? "" : ", ", key, value);
    return *this;
  }
  Inline& add(std::string_view key, double value) { return add(key, toml(value)); }
  Inline& add_unless(double otherwise, std::string_view key, double value) {
    return same_bits(value, otherwise) ? *this : add(key, value);
  }
  std::string str() const { return entries_.empty() ? "{}" : "{ " + entries_ + " }"; }

 private:
  std::string entries_;
};

struct WriteMaterial {
  const Material& material;
  std::string operator()(const Air&) const { return toml(name_of(material)); }
  std::string operator()(const Mirror&) const { return toml(name_of(material)); }
  std::string operator()(const NamedGlass& glass) const {
    const std::string name = name_of(material);
    if (!name.empty()) return toml(name);
    return Inline().add("glass", toml(glass.name)).add("catalog", toml(glass.catalog)).str();
  }
  std::string operator()(const ModelGlass& glass) const {
    Inline table;
    table.add("nd", glass.nd).add("vd", glass.vd);
    if (glass.dpgf) table.add("dpgf", *glass.dpgf);
    return table.str();
  }
  std::string operator()(const ConstantIndex& constant) const {
    return Inline().add("index", constant.index).str();
  }
  std::string operator()(const IndexTable& table) const {
    return Inline()
        .add("wavelengths_nm", toml(table.wavelength_nm))
        .add("indices", toml(table.index))
        .str();
  }
};

std::string toml(const Material& material) { return std::visit(WriteMaterial{material}, material); }

// ---- Shapes -------------------------------------------------------------------------------------

// Zeros are left out, but not the last coefficient: it says how many there are.
void add_coefficients(Inline& table, char letter, int step, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!same_bits(values[i], 0) || i + 1 == values.size())
      table.add(fmt::format("{}{}", letter, step * (static_cast<int>(i) + 1)), values[i]);
}

void add_radius(Inline& table, double curvature) {
  if (const auto radius = radius_of(curvature))
    table.add("radius_x_mm", *radius);
  else
    table.add("curvature_x", curvature);
}

// The line of a form; none for a conic.
struct WriteForm {
  std::string operator()(const Conic&) const { return ""; }
  std::string operator()(const EvenAsphere& form) const {
    Inline table;
    add_coefficients(table, 'r', 2, form.coefficients);
    return "asphere = " + table.str() + "\n";
  }
  std::string operator()(const OddAsphere& form) const {
    Inline table;
    add_coefficients(table, 'r', 1, form.coefficients);
    return "odd_asphere = " + table.str() + "\n";
  }
  std::string operator()(const QBfs& form) const { return q("q_bfs", form); }
  std::string operator()(const QCon& form) const { return q("q_con", form); }
  std::string operator()(const Biconic& form) const {
    Inline table;
    add_radius(table, form.curvature_x);
    return "biconic = " + table.add_unless(0, "conic_x", form.conic_x).str() + "\n";
  }
  std::string operator()(const Toroid& form) const {
    Inline table;
    table.add_unless(infinite, "radius_x_mm", form.radius_x_mm);
    add_coefficients(table, 'y', 2, form.coefficients);
    return "toroid = " + table.str() + "\n";
  }
  std::string operator()(const XyPolynomial& form) const {
    Inline table;
    table.add("normalization_radius_mm", form.normalization_radius_mm);
    for (const XyPolynomial::Term& term : form.terms)
      table.add(fmt::format("x{}y{}", term.x_power, term.y_power), term.coefficient_mm);
    return "xy = " + table.str() + "\n";
  }

 private:
  template <class Form>
  static std::string q(const char* name, const Form& form) {
    Inline table;
    table.add("normalization_radius_mm", form.normalization_radius_mm);
    return fmt::format("{} = {}\n", name, table.add("a", toml(form.coefficients)).str());
  }
};

// ---- Surfaces -----------------------------------------------------------------------------------

std::string toml(const ClearAperture& aperture) {
  Inline table;
  if (const auto* circle = std::get_if<CircularAperture>(&aperture.outline))
    table.add_unless(0, "inner_mm", circle->inner_mm)
        .add_unless(infinite, "outer_mm", circle->outer_mm);
  else if (const auto* rectangle = std::get_if<RectangularAperture>(&aperture.outline)) {
    table.add("half_width_mm", rectangle->half_width_mm);
    table.add("half_height_mm", rectangle->half_height_mm);
    if (rectangle->obscures) table.add("obscures", "true");
  }
  return table.add_unless(0, "decenter_x_mm", aperture.decenter_x_mm)
      .add_unless(0, "decenter_y_mm", aperture.decenter_y_mm)
      .str();
}

std::string toml(const Placement& placement) {
  Inline table;
  table.add_unless(0, "decenter_x_mm", placement.decenter_x_mm)
      .add_unless(0, "decenter_y_mm", placement.decenter_y_mm)
      .add_unless(0, "decenter_z_mm", placement.decenter_z_mm)
      .add_unless(0, "tilt_x_deg", placement.tilt_x_deg)
      .add_unless(0, "tilt_y_deg", placement.tilt_y_deg)
      .add_unless(0, "tilt_z_deg", placement.tilt_z_deg);
  if (placement.tilt_first) table.add("tilt_first", "true");
  if (placement.after == Placement::After::restore)
    table.add("after", toml(std::string("restore")));
  if (placement.after == Placement::After::bend) table.add("after", toml(std::string("bend")));
  return table.str();
}

std::string shape_lines(const Shape& shape) {
  std::string text;
  if (const auto radius = radius_of(shape.curvature)) {
    if (std::isfinite(*radius)) text += fmt::format("radius_mm = {}\n", toml(*radius));
  } else {
    text += fmt::format("curvature = {}\n", toml(shape.curvature));
  }
  if (!same_bits(shape.conic, 0)) text += fmt::format("conic = {}\n", toml(shape.conic));
  return text + std::visit(WriteForm{}, shape.form);
}

std::string surface_lines(const Surface& surface, bool is_image) {
  std::string text = is_image ? "\n[image]\n" : "\n[[surface]]\n";
  if (!surface.label.empty()) text += fmt::format("label = {}\n", toml(surface.label));
  if (surface.coordinate_break) text += "coordinate_break = true\n";
  if (surface.stop) text += "stop = true\n";
  if (surface.placement) text += fmt::format("placement = {}\n", toml(*surface.placement));
  text += shape_lines(surface.shape);
  if (!is_image) text += fmt::format("thickness_mm = {}\n", toml(surface.thickness_mm));
  if (!std::holds_alternative<Air>(surface.material))
    text += fmt::format("material = {}\n", toml(surface.material));
  if (surface.semi_diameter_mm)
    text += fmt::format("semi_diameter_mm = {}\n", toml(*surface.semi_diameter_mm));
  if (surface.aperture) text += fmt::format("aperture = {}\n", toml(*surface.aperture));
  return text;
}

// ---- Aperture, fields, wavelengths --------------------------------------------------------------

const char* key_of(SystemAperture::Kind kind) {
  switch (kind) {
    case SystemAperture::Kind::f_number:
      return "f_number";
    case SystemAperture::Kind::entrance_pupil_diameter_mm:
      return "entrance_pupil_diameter_mm";
    case SystemAperture::Kind::image_na:
      return "image_na";
    case SystemAperture::Kind::object_na:
      return "object_na";
    case SystemAperture::Kind::stop_semi_diameter_mm:
      return "stop_semi_diameter_mm";
  }
  return "";
}

const char* key_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::angle_deg:
      return "angle_deg";
    case FieldKind::object_height_mm:
      return "object_height_mm";
    case FieldKind::paraxial_image_height_mm:
      return "paraxial_image_height_mm";
    case FieldKind::real_image_height_mm:
      return "real_image_height_mm";
  }
  return "";
}

std::string toml(const Field& field) {
  const Field bare{field.x, field.y};
  const bool plain = same_bits(field.weight, bare.weight) && same_bits(field.vdx, 0) &&
                     same_bits(field.vdy, 0) && same_bits(field.vcx, 0) && same_bits(field.vcy, 0);
  if (plain && same_bits(field.x, 0)) return toml(field.y);
  if (plain) return fmt::format("[{}, {}]", toml(field.x), toml(field.y));
  return Inline()
      .add("x", field.x)
      .add("y", field.y)
      .add_unless(bare.weight, "weight", field.weight)
      .add_unless(0, "vdx", field.vdx)
      .add_unless(0, "vdy", field.vdy)
      .add_unless(0, "vcx", field.vcx)
      .add_unless(0, "vcy", field.vcy)
      .str();
}

std::string field_lines(const Lens& lens) {
  std::string list;
  for (const Field& field : lens.fields) list += (list.empty() ? "" : ", ") + toml(field);
  return fmt::format("\n[field]\n{} = [{}]\n", key_of(lens.field_kind), list);
}

std::string wavelength_lines(const Lens& lens) {
  std::vector<double> wavelengths, weights;
  bool weighted = false;
  for (const Wavelength& wavelength : lens.wavelengths) {
    wavelengths.push_back(wavelength.wavelength_nm);
    weights.push_back(wavelength.weight);
    weighted = weighted || wavelength.weight != 1;
  }
  std::string text = fmt::format("wavelengths_nm = {}\n", toml(wavelengths));
  if (weighted) text += fmt::format("wavelength_weights = {}\n", toml(weights));
  const auto reference = static_cast<std::size_t>(lens.reference_wavelength);
  if (wavelengths.size() > 1)
    text += fmt::format("reference_nm = {}\n", toml(wavelengths[reference]));
  return text;
}

std::string head_lines(const Lens& lens) {
  std::string text = fmt::format("title = {}\n", toml(lens.title));
  if (!lens.source.empty()) text += fmt::format("source = {}\n", toml(lens.source));
  if (!lens.notes.empty()) {
    text += "notes = [\n";
    for (const std::string& note : lens.notes) text += fmt::format("  {},\n", toml(note));
    text += "]\n";
  }
  text += wavelength_lines(lens);
  if (lens.object_distance_mm != infinite)
    text += fmt::format("object_distance_mm = {}\n", toml(lens.object_distance_mm));
  if (!std::holds_alternative<Air>(lens.object_material))
    text += fmt::format("object_material = {}\n", toml(lens.object_material));
  const Lens usual;
  if (!same_bits(lens.temperature_c, usual.temperature_c))
    text += fmt::format("temperature_c = {}\n", toml(lens.temperature_c));
  if (!same_bits(lens.pressure_atm, usual.pressure_atm))
    text += fmt::format("pressure_atm = {}\n", toml(lens.pressure_atm));
  return text + fmt::format("\n[aperture]\n{} = {}\n", key_of(lens.aperture.kind),
                            toml(lens.aperture.value));
}

}  // namespace

std::string lens_toml_from(const Lens& lens) {
  check(lens, "the lens to write");
  std::string text = head_lines(lens) + field_lines(lens);
  for (const Surface& surface : lens.surfaces) text += surface_lines(surface, false);
  if (lens.image.thickness_mm != 0 || !std::holds_alternative<Air>(lens.image.material))
    throw Error("the lens to write", "the image has a thickness or a material",
                ".lens.toml holds neither; make it a surface");
  const std::string image = surface_lines(lens.image, true);
  return image == "\n[image]\n" ? text : text + image;
}

}  // namespace lichtbild::optics
