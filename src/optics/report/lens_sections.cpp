#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "optics/report/clear_radii.h"
#include "optics/report/page.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

using Row = std::vector<std::string>;

std::string mm(double value) { return fixed(value, 4) + " mm"; }

std::string aperture_text(const SystemAperture& aperture) {
  using Kind = SystemAperture::Kind;
  const std::string value = significant(aperture.value, 5);
  switch (aperture.kind) {
    case Kind::f_number:
      return "f/" + value;
    case Kind::entrance_pupil_diameter_mm:
      return "entrance pupil " + value + " mm";
    case Kind::image_na:
      return "image NA " + value;
    case Kind::object_na:
      return "object NA " + value;
    default:
      return "stop semi-diameter " + value + " mm";
  }
}

std::string wavelengths_text(const Lens& lens) {
  std::string out;
  for (std::size_t i = 0; i < lens.wavelengths.size(); ++i) {
    const bool is_reference = int(i) == lens.reference_wavelength;
    out += (i > 0 ? ", " : "") + significant(lens.wavelengths[i].wavelength_nm, 7) +
           (is_reference ? "*" : "");
  }
  return out + " nm";
}

std::string title_of(const Lens& lens) { return lens.title.empty() ? "Untitled lens" : lens.title; }

struct GlassConstants {
  std::string name = "–", nd, vd;
};

GlassConstants constants(double nd, double vd, std::string name) {
  return {std::move(name), fixed(nd, 5), vd == 0 ? "–" : fixed(vd, 2)};
}

GlassConstants constants_of(const Material& material, const ReportOptions& options) {
  if (std::holds_alternative<Air>(material)) return {"", "", ""};
  if (std::holds_alternative<Mirror>(material)) return {"mirror", "", ""};
  if (const auto* m = std::get_if<ConstantIndex>(&material))
    return {"constant " + significant(m->index, 6), "", ""};
  if (const auto* m = std::get_if<ModelGlass>(&material)) return constants(m->nd, m->vd, "model");
  if (std::holds_alternative<IndexTable>(material)) return {"table", "–", "–"};
  const auto& named = std::get<NamedGlass>(material);
  const std::string full = named.catalog.empty() ? named.name : named.catalog + ":" + named.name;
  if (!options.catalog) return {full, "–", "–"};
  const Glass glass = options.catalog->find(full).glass;
  const double nd = glass.nd > 0 ? glass.nd : index(glass, line_d_um);
  return constants(nd, glass.vd > 0 ? glass.vd : abbe_number(glass), full);
}

std::string radius_text(const Shape& shape) {
  return shape.curvature == 0 ? "plane" : significant(1 / shape.curvature, 6);
}

const char* form_name(const Shape& shape) {
  constexpr const char* names[] = {"",      "even asphere", "odd asphere", "Q-bfs",
                                   "Q-con", "biconic",      "toroid",      "XY polynomial"};
  return names[shape.form.index()];
}

// Name and value of every coefficient that is not zero.
std::vector<std::pair<std::string, double>> coefficients(const Shape& shape) {
  std::vector<std::pair<std::string, double>> out;
  const auto list = [&out](const std::vector<double>& values, auto&& name) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != 0) out.emplace_back(name(i), values[i]);
  };
  if (const auto* f = std::get_if<EvenAsphere>(&shape.form))
    list(f->coefficients, [](std::size_t i) { return fmt::format("A{}", 2 * i + 2); });
  if (const auto* f = std::get_if<OddAsphere>(&shape.form))
    list(f->coefficients, [](std::size_t i) { return fmt::format("A{}", i + 1); });
  if (const auto* f = std::get_if<QBfs>(&shape.form)) {
    out.emplace_back("norm. radius", f->normalization_radius_mm);
    list(f->coefficients, [](std::size_t i) { return fmt::format("Qbfs{}", i); });
  }
  if (const auto* f = std::get_if<QCon>(&shape.form)) {
    out.emplace_back("norm. radius", f->normalization_radius_mm);
    list(f->coefficients, [](std::size_t i) { return fmt::format("Qcon{}", i); });
  }
  if (const auto* f = std::get_if<Biconic>(&shape.form)) {
    out.emplace_back("radius x", 1 / f->curvature_x);
    out.emplace_back("conic x", f->conic_x);
  }
  if (const auto* f = std::get_if<Toroid>(&shape.form)) {
    out.emplace_back("radius x", f->radius_x_mm);
    list(f->coefficients, [](std::size_t i) { return fmt::format("y^{}", 2 * i + 2); });
  }
  if (const auto* f = std::get_if<XyPolynomial>(&shape.form)) {
    out.emplace_back("norm. radius", f->normalization_radius_mm);
    for (const auto& term : f->terms)
      out.emplace_back(fmt::format("x^{} y^{}", term.x_power, term.y_power), term.coefficient_mm);
  }
  return out;
}

std::string coefficient_text(double value) {
  if (!std::isfinite(value)) return fixed(value, 0);
  return fmt::format("{:.6e}", value);
}

// Surfaces with coefficients side by side, four at a time; rows: every name that one of them has.
std::string asphere_tables(const System& system) {
  std::vector<int> aspheres;
  for (int i = 0; i <= system.image(); ++i)
    if (!coefficients(system.surface(i).shape).empty()) aspheres.push_back(i);
  std::string out;
  constexpr std::size_t columns = 5;
  for (std::size_t first = 0; first < aspheres.size(); first += columns) {
    const std::size_t last = std::min(first + columns, aspheres.size());
    Table table{.caption = first == 0 ? "Coefficients, in mm^(1 − power)" : "",
                .head = {"surface"},
                .rows = {{"form"}}};
    std::vector<std::string> names;
    for (std::size_t a = first; a < last; ++a) {
      const Shape& shape = system.surface(aspheres[a]).shape;
      table.head.push_back(std::to_string(aspheres[a] + 1));
      table.rows[0].push_back(form_name(shape));
      for (const auto& [name, value] : coefficients(shape))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    for (const std::string& name : names) {
      Row row{name};
      for (std::size_t a = first; a < last; ++a) {
        const auto own = coefficients(system.surface(aspheres[a]).shape);
        const auto at = std::find_if(own.begin(), own.end(),
                                     [&name](const auto& c) { return c.first == name; });
        row.push_back(at == own.end() ? "" : coefficient_text(at->second));
      }
      table.rows.push_back(std::move(row));
    }
    out += html(table);
  }
  return out;
}

std::string placement_table(const Lens& lens) {
  Table table{.caption = "Decenters and tilts",
              .head = {"surface", "x (mm)", "y (mm)", "z (mm)", "about x (°)", "about y (°)",
                       "about z (°)", "behind it"},
              .rows = {}};
  constexpr const char* behind[] = {"stays", "undone", "bends"};
  for (std::size_t i = 0; i < lens.surfaces.size(); ++i) {
    if (!lens.surfaces[i].placement) continue;
    const Placement& p = *lens.surfaces[i].placement;
    Row row{std::to_string(i + 1) + (p.tilt_first ? " (tilt first)" : "")};
    for (const double v : {p.decenter_x_mm, p.decenter_y_mm, p.decenter_z_mm, p.tilt_x_deg,
                           p.tilt_y_deg, p.tilt_z_deg})
      row.push_back(significant(v, 6));
    row.emplace_back(behind[int(p.after)]);
    table.rows.push_back(std::move(row));
  }
  return table.rows.empty() ? "" : html(table);
}

}  // namespace

std::string title_block(const System& system, const Analysis& analysis) {
  std::string out = "<header>\n<h1>" + escaped(title_of(system.lens)) + "</h1>\n";
  if (!system.lens.source.empty())
    out += "<p class=\"source\">" + escaped(system.lens.source) + "</p>\n";
  std::string notes;
  for (const auto* list : {&system.lens.notes, &system.notes, &analysis.notes})
    for (const std::string& note : *list) notes += "<li>" + escaped(note) + "</li>\n";
  if (!notes.empty()) out += "<ul class=\"notes\" id=\"notes\">\n" + notes + "</ul>\n";
  return out + "</header>\n";
}

std::string layout_section(const System& system) {
  return section("layout", "Layout",
                 figure(layout_svg(system),
                        "Section y-z. Bars: the stop. Numbers: surfaces, as in the prescription."));
}

std::string first_order_section(const System& system, const Analysis& analysis) {
  const FirstOrder& f = system.paraxial();
  const Lens& lens = system.lens;
  Table left{.caption = "", .head = {}, .rows = {}}, right = left;
  left.rows = {{"Focal length", mm(f.efl_mm)},
               {"Back focal length", mm(f.bfl_mm)},
               {"Front focal length", mm(f.ffl_mm)},
               {"F-number", fixed(f.f_number, 4)},
               {"Working f-number, paraxial", fixed(f.paraxial_working_f_number, 4)},
               {"Working f-number, real", fixed(analysis.working_f_number, 4)},
               {"Image NA", fixed(f.image_na, 5)},
               {"Total track", mm(f.total_track_mm)},
               {"First to last surface", mm(f.overall_length_mm)},
               {"Last surface to paraxial image", mm(f.paraxial_image_distance_mm)},
               {"Axial color", fixed(analysis.axial_color_mm, 5) + " mm"},
               {"Lateral color, largest", fixed(analysis.lateral_color_um, 3) + " µm"}};
  right.rows = {{"Entrance pupil, from surface 1", mm(f.entrance.position_mm)},
                {"Entrance pupil diameter", mm(f.entrance.diameter_mm)},
                {"Exit pupil, from last surface", mm(f.exit.position_mm)},
                {"Exit pupil diameter", mm(f.exit.diameter_mm)},
                {"Front principal plane, from surface 1", mm(f.front_principal_plane_mm)},
                {"Rear principal plane, from last surface", mm(f.rear_principal_plane_mm)},
                {"Largest field", significant(largest_field(lens), 5) + field_unit(lens)},
                {"Paraxial image height", mm(f.paraxial_image_height_mm)},
                {"Aperture", aperture_text(lens.aperture)},
                {"Object", system.object_at_infinity()
                               ? "at infinity"
                               : significant(lens.object_distance_mm, 6) + " mm, magnification " +
                                     significant(f.magnification, 4)},
                {"Lagrange invariant", fixed(f.lagrange_invariant, 5) + " mm"},
                {"Temperature, pressure", significant(lens.temperature_c, 4) + " °C, " +
                                              significant(lens.pressure_atm, 4) + " atm"}};
  return section("first-order", "First order",
                 "<div class=\"columns\">\n" + html(left) + html(right) + "</div>\n" +
                     paragraph("Wavelengths: " + wavelengths_text(lens) + " (*: reference)"));
}

std::string prescription_section(const System& system, const ReportOptions& options) {
  Table table{.caption = "",
              .head = {"surface", "radius (mm)", "thickness (mm)", "material", "nd", "vd",
                       "semi-diameter (mm)", "conic", "form"},
              .rows = {}};
  const std::vector<ClearRadius> radii = drawn_radii(system);
  for (int i = 0; i <= system.image(); ++i) {
    const Surface& s = system.surface(i);
    std::string name = i == system.image() ? "image" : std::to_string(i + 1);
    if (i == system.stop) name += " stop";
    if (!s.label.empty()) name += " " + s.label;
    if (s.coordinate_break) {
      table.rows.push_back({name, "break", significant(s.thickness_mm, 6), "", "", "", "", "", ""});
      continue;
    }
    const GlassConstants glass =
        i == system.image() ? GlassConstants{"", "", ""} : constants_of(s.material, options);
    table.rows.push_back(
        {name, radius_text(s.shape), i == system.image() ? "" : fixed(s.thickness_mm, 4),
         glass.name, glass.nd, glass.vd, fixed(radii[i].mm, 3) + (radii[i].given ? "" : "†"),
         s.shape.conic == 0 ? "" : significant(s.shape.conic, 6), form_name(s.shape)});
  }
  return section("prescription", "Prescription",
                 html(table) + paragraph("† derived: what the rays of the lens's fields need") +
                     asphere_tables(system) + placement_table(system.lens),
                 true);
}

}  // namespace lichtbild::optics::report
