#include <algorithm>

#include "optics/report/page.h"
#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

Axis modulation() { return {"modulation", {0, 1}, 5, true}; }

std::vector<LegendEntry> orientation_legend() {
  return {{"tangential", stroke(black, Dash::solid, 1.6)},
          {"sagittal", stroke(black, Dash::dashed, 1.6)}};
}

std::vector<Curve> pair_of(const std::vector<double>& x, const std::vector<double>& tangential,
                           const std::vector<double>& sagittal, const char* color) {
  return {{x, tangential, stroke(color, Dash::solid, 1.4)},
          {x, sagittal, stroke(color, Dash::dashed, 1.4)}};
}

void append(std::vector<Curve>& curves, std::vector<Curve> more) {
  std::move(more.begin(), more.end(), std::back_inserter(curves));
}

Axis frequency_axis(const std::vector<Curve>& curves, int ticks) {
  return {"spatial frequency (lp/mm)", with_room(extent_x(curves)), ticks, true};
}

std::string all_fields(const System& system, const Analysis& analysis) {
  std::vector<Curve> curves;
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < analysis.fields.size(); ++i) {
    const FieldAnalysis& f = analysis.fields[i];
    if (!f.traced) continue;
    if (curves.empty() && !f.mtf.diffraction_limit.empty()) {
      curves.push_back({f.mtf.lp_per_mm, f.mtf.diffraction_limit, stroke(gray, Dash::solid, 1.8)});
      entries.push_back({"diffraction limit", stroke(gray, Dash::solid, 2)});
    }
    append(curves, pair_of(f.mtf.lp_per_mm, f.mtf.tangential, f.mtf.sagittal, color_of(int(i))));
    entries.push_back(
        {field_label(system.lens, f.field), stroke(color_of(int(i)), Dash::solid, 2)});
  }
  for (LegendEntry& entry : orientation_legend()) entries.push_back(std::move(entry));
  const Axis x = frequency_axis(curves, 10);
  const Plot plot{.title = "", .x = x, .y = modulation(), .curves = curves};
  return legend(entries) + figure(plot_svg(plot, page_width, 300));
}

std::string one_field(const System& system, const FieldAnalysis& f, int rank) {
  std::vector<Curve> curves = {{f.mtf.lp_per_mm, f.mtf.diffraction_limit, stroke(gray)}};
  append(curves, pair_of(f.mtf.lp_per_mm, f.mtf.tangential, f.mtf.sagittal, color_of(rank)));
  const MtfCurve& g = f.geometric_mtf;
  curves.push_back({g.lp_per_mm, g.tangential, stroke(black, Dash::dotted, 1)});
  curves.push_back({g.lp_per_mm, g.sagittal, stroke(black, Dash::dotted, 1)});
  Plot plot{.title = "field " + field_label(system.lens, f.field),
            .x = frequency_axis(curves, 4),
            .y = modulation(),
            .curves = curves};
  if (!f.traced) plot.message = untraced;
  plot.x.label = "lp/mm";
  return plot_svg(plot, page_width / 3, 190);
}

std::string over_field(const System& system, const Analysis& analysis) {
  const FieldCurves& c = analysis.curves;
  std::vector<Curve> curves;
  std::vector<LegendEntry> entries;
  const std::size_t count =
      std::min({c.mtf_lp_per_mm.size(), c.mtf_tangential.size(), c.mtf_sagittal.size()});
  for (std::size_t i = 0; i < count; ++i) {
    append(curves, pair_of(c.field, c.mtf_tangential[i], c.mtf_sagittal[i], color_of(int(i))));
    entries.push_back(
        {significant(c.mtf_lp_per_mm[i], 4) + " lp/mm", stroke(color_of(int(i)), Dash::solid, 2)});
  }
  for (LegendEntry& entry : orientation_legend()) entries.push_back(std::move(entry));
  const Plot plot{.title = "",
                  .x = {field_axis_label(system.lens), with_room(extent_x(curves)), 10, true},
                  .y = modulation(),
                  .curves = curves};
  return legend(entries) + figure(plot_svg(plot, page_width, 270));
}

std::string through_focus(const System& system, const Analysis& analysis) {
  std::vector<std::string> drawings;
  std::vector<LegendEntry> entries;
  for (const FieldAnalysis& f : analysis.fields) {
    std::vector<Curve> curves;
    for (std::size_t i = 0; i < f.through_focus.size(); ++i) {
      const ThroughFocus& t = f.through_focus[i];
      append(curves, pair_of(t.defocus_um, t.tangential, t.sagittal, color_of(int(i))));
      if (entries.size() <= i)
        entries.push_back(
            {significant(t.lp_per_mm, 4) + " lp/mm", stroke(color_of(int(i)), Dash::solid, 2)});
    }
    Plot plot{.title = "field " + field_label(system.lens, f.field),
              .x = {"defocus (µm)", with_room(extent_x(curves)), 4, true},
              .y = modulation(),
              .curves = curves};
    if (!f.traced) plot.message = untraced;
    drawings.push_back(plot_svg(plot, page_width / 3, 190));
  }
  for (LegendEntry& entry : orientation_legend()) entries.push_back(std::move(entry));
  return legend(entries) + grid(drawings);
}

}  // namespace

std::string mtf_section(const System& system, const Analysis& analysis) {
  std::vector<std::string> each;
  each.reserve(analysis.fields.size());
  for (std::size_t i = 0; i < analysis.fields.size(); ++i)
    each.push_back(one_field(system, analysis.fields[i], int(i)));
  std::vector<LegendEntry> entries = orientation_legend();
  entries.push_back({"diffraction limit", stroke(gray, Dash::solid, 2)});
  entries.push_back({"geometric, both", stroke(black, Dash::dotted, 1.6)});
  return section("mtf", "Modulation transfer",
                 paragraph("Diffraction, polychromatic. Tangential: modulation along the "
                           "direction of the field.") +
                     heading("Over frequency") + all_fields(system, analysis) +
                     heading("Field by field") + legend(entries) + grid(each) +
                     heading("Over the field") + over_field(system, analysis) +
                     heading("Through focus") + through_focus(system, analysis),
                 true);
}

}  // namespace lichtbild::optics::report
