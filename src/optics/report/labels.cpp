#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

std::vector<double> sorted_wavelengths(const Lens& lens) {
  std::vector<double> all;
  all.reserve(lens.wavelengths.size());
  for (const Wavelength& w : lens.wavelengths) all.push_back(w.wavelength_nm);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

std::string field_unit(const Lens& lens) {
  return lens.field_kind == FieldKind::angle_deg ? "°" : " mm";
}

std::string field_axis_label(const Lens& lens) {
  switch (lens.field_kind) {
    case FieldKind::angle_deg:
      return "field angle (°)";
    case FieldKind::object_height_mm:
      return "object height (mm)";
    default:
      return "image height (mm)";
  }
}

std::string field_label(const Lens& lens, const Field& field) {
  const auto number = [](double v) { return typeset(significant(v, 4)); };
  if (field.x == 0) return number(field.y) + field_unit(lens);
  return "(" + number(field.x) + ", " + number(field.y) + ")" + field_unit(lens);
}

double airy_radius_um(const System& system, const Analysis& analysis) {
  return 1.21967 * system.wavelength_um(system.reference()) * analysis.working_f_number;
}

std::string airy_text(double radius_um) {
  return "Airy radius " + significant(radius_um, 3) + " µm at the reference wavelength";
}

const char* color_of_wavelength(const System& system, double wavelength_nm) {
  const std::vector<double> all = sorted_wavelengths(system.lens);
  const auto at = std::min_element(all.begin(), all.end(), [&](double a, double b) {
    return std::abs(a - wavelength_nm) < std::abs(b - wavelength_nm);
  });
  return wavelength_color(int(at - all.begin()), int(all.size()));
}

std::vector<LegendEntry> wavelength_legend(const System& system) {
  std::vector<LegendEntry> entries;
  for (const double nm : sorted_wavelengths(system.lens))
    entries.push_back(
        {significant(nm, 6) + " nm", stroke(color_of_wavelength(system, nm), Dash::solid, 2)});
  return entries;
}

}  // namespace lichtbild::optics::report
