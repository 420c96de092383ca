#include <algorithm>
#include <cmath>
#include <set>

#include "optics/report/clear_radii.h"
#include "optics/report/page.h"
#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

// As many dots of a wavelength as tell the shape; every pixel at most once.
constexpr std::size_t most_dots = 1200;

std::vector<Point> thinned(const std::vector<SpotPoint>& spot, const Box& frame, double px_per_um) {
  // An odd stride does not fall in step with a grid whose rows have a power of two of rays.
  const std::size_t stride = spot.size() <= most_dots ? 1 : spot.size() / most_dots | 1;
  std::set<std::pair<int, int>> taken;
  std::vector<Point> dots;
  for (std::size_t i = 0; i < spot.size(); i += stride) {
    const Point p{frame.x + frame.width / 2 + px_per_um * spot[i].x_um,
                  frame.y + frame.height / 2 - px_per_um * spot[i].y_um};
    const bool inside =
        p.x > frame.x && p.x < frame.right() && p.y > frame.y && p.y < frame.bottom();
    if (inside && taken.insert({int(2 * p.x), int(2 * p.y)}).second) dots.push_back(p);
  }
  return dots;
}

double extent_um(const Analysis& analysis, double airy_um) {
  double largest = std::isfinite(airy_um) ? 1.2 * airy_um : 0;
  for (const FieldAnalysis& field : analysis.fields)
    for (const WavelengthAtField& w : field.wavelengths)
      for (const SpotPoint& p : w.spot)
        if (std::isfinite(p.x_um) && std::isfinite(p.y_um))
          largest = std::max({largest, std::abs(p.x_um), std::abs(p.y_um)});
  return largest > 0 ? largest : 1;
}

std::string spot_diagram(const System& system, const FieldAnalysis& field, double half_um,
                         double airy_um) {
  constexpr double width = page_width / 4, height = width + 44;
  const Box frame{4, 20, width - 8, width - 8};
  const std::string label = field_label(system.lens, field.field);
  Svg svg(width, height, "Spot of the field " + label);
  svg.text({width / 2, 14}, "field " + label, {.anchor = TextStyle::Anchor::middle, .bold = true});
  svg.rectangle(frame, "none", {black, 0.8, ""});
  if (!field.traced) {
    draw_message(svg, frame, untraced);
    return svg.str();
  }
  const double px_per_um = frame.width / 2 / half_um;
  svg.begin_clip(frame);
  for (const WavelengthAtField& w : field.wavelengths)
    svg.dots(thinned(w.spot, frame, px_per_um), 1.3, color_of_wavelength(system, w.wavelength_nm));
  svg.circle({frame.x + frame.width / 2, frame.y + frame.height / 2}, airy_um * px_per_um,
             {black, 0.9, ""});
  svg.end_clip();
  const double bar_um = round_length(0.7 * half_um), y = frame.bottom() - 7;
  svg.line({frame.x + 6, y}, {frame.x + 6 + bar_um * px_per_um, y}, {black, 1.6, ""});
  svg.text({frame.x + 10 + bar_um * px_per_um, y + 4}, significant(bar_um, 1) + " µm");
  svg.text({width / 2, frame.bottom() + 15},
           "RMS radius " + significant(field.rms_spot_radius_um, 3) + " µm",
           {.anchor = TextStyle::Anchor::middle});
  return svg.str();
}

// Where surfaces are met by the rays at the edge of what is open in the pupil.
constexpr int rim_points = 64;
using Outlines = std::vector<std::vector<Point>>;  // [surface], in mm

Outlines outlines(const System& system, const FieldAnalysis& field) {
  Outlines out(system.image() + 1);
  const Bundle bundle(system, field.field, system.reference());
  if (!field.traced || !bundle.found()) return out;
  for (int i = 0; i < rim_points; ++i) {
    const double angle = 2 * M_PI * i / rim_points;
    const PupilPoint direction{std::cos(angle), std::sin(angle)};
    const double rim = open_pupil(system, bundle, direction);
    const auto hits = arriving(system, bundle, {rim * direction.x, rim * direction.y});
    if (!hits) continue;
    for (std::size_t s = 0; s < std::min(out.size(), hits->size()); ++s)
      out[s].push_back({(*hits)[s].position.x, (*hits)[s].position.y});
  }
  return out;
}

std::string footprint(const System& system, const std::vector<Outlines>& fields, int surface) {
  constexpr double width = page_width / 5;
  const Box frame{3, 18, width - 6, width - 6};
  const std::string name = std::to_string(surface + 1);
  const auto given = system.surface(surface).semi_diameter_mm;
  const double clear = given && surface != system.stop ? *given : 0;
  double half_mm = clear;
  for (const Outlines& field : fields)
    for (const Point& p : field[surface]) half_mm = std::max(half_mm, std::hypot(p.x, p.y));
  half_mm = half_mm > 0 ? 1.06 * half_mm : 1;
  Svg svg(width, width + 30, "Footprints on surface " + name);
  svg.text({width / 2, 13}, "surface " + name + (surface == system.stop ? " (stop)" : ""),
           {.anchor = TextStyle::Anchor::middle, .bold = true});
  const double px_per_mm = frame.width / 2 / half_mm;
  const Point middle{frame.x + frame.width / 2, frame.y + frame.height / 2};
  if (clear > 0) svg.circle(middle, clear * px_per_mm, {black, 0.9, ""});
  svg.line({middle.x - 4, middle.y}, {middle.x + 4, middle.y}, {gray, 0.6, ""});
  svg.line({middle.x, middle.y - 4}, {middle.x, middle.y + 4}, {gray, 0.6, ""});
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::vector<Point> outline;
    for (const Point& p : fields[i][surface])
      outline.push_back({middle.x + px_per_mm * p.x, middle.y - px_per_mm * p.y});
    svg.polygon(outline, "none", {color_of(int(i)), 1, ""});
  }
  const double bar_mm = round_length(0.4 * half_mm), y = frame.bottom() + 8;
  svg.line({frame.x, y}, {frame.x + bar_mm * px_per_mm, y}, {black, 1.4, ""});
  svg.text({frame.x + 4 + bar_mm * px_per_mm, y + 4}, significant(bar_mm, 1) + " mm", {.size = 11});
  return svg.str();
}

}  // namespace

std::string spot_section(const System& system, const Analysis& analysis) {
  const double airy_um = airy_radius_um(system, analysis);
  const double half_um = extent_um(analysis, airy_um);
  std::vector<std::string> drawings;
  drawings.reserve(analysis.fields.size());
  for (const FieldAnalysis& field : analysis.fields)
    drawings.push_back(spot_diagram(system, field, half_um, airy_um));
  return section("spots", "Spot diagrams",
                 paragraph("Around the chief ray at the reference wavelength, y upwards. Circle: " +
                           airy_text(airy_um) + ".") +
                     legend(wavelength_legend(system)) + grid(drawings));
}

std::string footprint_section(const System& system, const Analysis& analysis) {
  std::vector<LegendEntry> entries;
  entries.reserve(analysis.fields.size());
  for (std::size_t i = 0; i < analysis.fields.size(); ++i)
    entries.push_back({field_label(system.lens, analysis.fields[i].field) +
                           (analysis.fields[i].traced ? "" : std::string(" (") + untraced + ")"),
                       stroke(color_of(int(i)), Dash::solid, 2)});
  std::vector<Outlines> fields;
  fields.reserve(analysis.fields.size());
  for (const FieldAnalysis& field : analysis.fields) fields.push_back(outlines(system, field));
  std::vector<std::string> drawings;
  for (int surface = 0; surface < system.image(); ++surface)
    if (!system.surface(surface).coordinate_break && !fields.empty())
      drawings.push_back(footprint(system, fields, surface));
  if (drawings.empty()) return section("footprints", "Footprints", paragraph(not_computed));
  return section(
      "footprints", "Footprints",
      paragraph("Outlines of the rays of each field. Black: the clear radius as given.") +
          legend(entries) + grid(drawings));
}

}  // namespace lichtbild::optics::report
