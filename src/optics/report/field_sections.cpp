#include <algorithm>
#include <cmath>

#include "optics/report/page.h"
#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

Axis field_axis(const System& system, const FieldCurves& curves, int ticks) {
  const double largest = curves.field.empty() ? 1 : curves.field.back();
  return {field_axis_label(system.lens), with_room({0, largest}), ticks, true};
}

Plot over_field(const System& system, const Analysis& analysis, std::vector<Curve> curves,
                const std::string& label, bool from_zero) {
  Range range = extent_y(curves);
  if (from_zero && range.low <= range.high) range = united(range, {0, 0});
  return {.title = "",
          .x = field_axis(system, analysis.curves, 6),
          .y = rounded_axis(label, range, 6),
          .curves = std::move(curves)};
}

// A panel of the classical three: the quantity to the right, pupil or field upwards.
Plot panel(std::string title, std::string label, Axis upwards, std::vector<Curve> curves) {
  Range range = extent_x(curves);
  if (range.low <= range.high) range = symmetric(range);
  return {.title = std::move(title),
          .x = rounded_axis(std::move(label), range, 4),
          .y = std::move(upwards),
          .curves = std::move(curves),
          .zero_lines = true};
}

}  // namespace

std::string field_table_section(const System& system, const Analysis& analysis) {
  Table table{.caption = "",
              .head = {"field", "share", "chief ray (mm)", "CRA (°)", "distortion (%)",
                       "RMS spot (µm)", "RMS WFE (waves)", "Strehl", "rel. illum.", "open pupil"},
              .rows = {}};
  for (const FieldAnalysis& f : analysis.fields) {
    std::vector<std::string> row{field_label(system.lens, f.field), fixed(f.normalized, 3)};
    if (!f.traced) {
      row.push_back(untraced);
    } else {
      for (const std::string& cell :
           {fixed(f.chief_ray_height_mm, 4), fixed(f.chief_ray_angle_deg, 2),
            fixed(f.distortion_percent, 3), significant(f.rms_spot_radius_um, 4),
            significant(f.rms_wavefront_waves, 3), fixed(f.strehl, 3),
            fixed(f.relative_illumination, 3), fixed(f.unvignetted, 3)})
        row.push_back(cell);
    }
    table.rows.push_back(std::move(row));
  }
  return section("fields", "Fields",
                 html(table) + paragraph("RMS spot and wavefront: polychromatic, about the "
                                         "centroid; waves of the reference wavelength."));
}

std::string classical_section(const System& system, const Analysis& analysis) {
  const FieldCurves& c = analysis.curves;
  std::vector<Curve> axial;
  axial.reserve(analysis.axial.size());
  for (const AxialAberration& a : analysis.axial)
    axial.push_back({a.focus_mm, a.pupil, stroke(color_of_wavelength(system, a.wavelength_nm))});
  const Axis field = field_axis(system, c, 6);
  const std::vector<Curve> curvature = {
      {c.field_curvature_sagittal_mm, c.field, stroke(vermilion, Dash::dashed)},
      {c.field_curvature_tangential_mm, c.field, stroke(blue)}};
  constexpr double width = page_width / 3, height = 320;
  const std::vector<std::string> drawings = {
      plot_svg(panel("Longitudinal aberration", "focus (mm)", {"pupil", {0, 1}, 5, true}, axial),
               width, height),
      plot_svg(panel("Field curvature", "focus (mm)", field, curvature), width, height),
      plot_svg(panel("Distortion", "distortion (%)", field,
                     {{c.distortion_percent, c.field, stroke(black)}}),
               width, height)};
  std::vector<LegendEntry> entries = wavelength_legend(system);
  entries.push_back({"tangential", stroke(blue, Dash::solid, 2)});
  entries.push_back({"sagittal", stroke(vermilion, Dash::dashed, 2)});
  return section("classical", "Longitudinal aberration, field curvature, distortion",
                 legend(entries) + grid(drawings), true);
}

std::string lateral_color_section(const System& system, const Analysis& analysis) {
  std::vector<Curve> curves;
  const std::vector<Wavelength>& wavelengths = system.lens.wavelengths;
  for (std::size_t w = 0; w < std::min(analysis.curves.lateral_color_um.size(), wavelengths.size());
       ++w)
    curves.push_back({analysis.curves.field, analysis.curves.lateral_color_um[w],
                      stroke(color_of_wavelength(system, wavelengths[w].wavelength_nm))});
  Plot plot = over_field(system, analysis, std::move(curves), "lateral color (µm)", true);
  plot.zero_lines = true;
  return section("lateral-color", "Lateral color",
                 legend(wavelength_legend(system)) +
                     figure(plot_svg(plot, page_width, 230),
                            "Chief ray of each wavelength minus that of the reference, radially."));
}

std::string illumination_section(const System& system, const Analysis& analysis) {
  const FieldCurves& c = analysis.curves;
  std::vector<Curve> illumination = {
      {c.field, c.relative_illumination, stroke(blue, Dash::solid, 1.6)}};
  std::vector<LegendEntry> entries = {{"relative illumination", stroke(blue, Dash::solid, 2)}};
  // The law of a thin lens at its stop, by the field's own angle.
  if (system.lens.field_kind == FieldKind::angle_deg) {
    Curve law{c.field, {}, stroke(gray, Dash::dashed)};
    for (const double deg : c.field) law.y.push_back(std::pow(std::cos(deg * M_PI / 180), 4));
    illumination.push_back(std::move(law));
    entries.push_back({"cos⁴ of the field angle", stroke(gray, Dash::dashed, 2)});
  }
  constexpr double width = page_width / 2, height = 250;
  Plot light = over_field(system, analysis, illumination, "relative illumination", true);
  const Plot angle =
      over_field(system, analysis, {{c.field, c.chief_ray_angle_deg, stroke(vermilion)}},
                 "chief-ray angle (°)", true);
  entries.push_back({"chief-ray angle", stroke(vermilion, Dash::solid, 2)});
  return section(
      "illumination", "Relative illumination and chief-ray angle",
      legend(entries) + grid({plot_svg(light, width, height), plot_svg(angle, width, height)}));
}

}  // namespace lichtbild::optics::report
