#include <algorithm>
#include <cmath>
#include <limits>

#include "optics/report/page.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

enum class Quantity { ray_error_um, wavefront_waves };

std::vector<Curve> fans(const System& system, const FieldAnalysis& field, bool tangential,
                        Quantity quantity) {
  std::vector<Curve> curves;
  for (const WavelengthAtField& w : field.wavelengths) {
    const RayFan& fan = tangential ? w.tangential : w.sagittal;
    const auto& values = quantity == Quantity::wavefront_waves ? fan.wavefront_waves
                         : tangential                          ? fan.error_y_um
                                                               : fan.error_x_um;
    // Rays that are left out interrupt the curve.
    Curve curve{{}, {}, stroke(color_of_wavelength(system, w.wavelength_nm))};
    const std::size_t count = std::min(fan.pupil.size(), values.size());
    double step = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < count; ++i) step = std::min(step, fan.pupil[i] - fan.pupil[i - 1]);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0 && fan.pupil[i] - fan.pupil[i - 1] > 1.5 * step) {
        curve.x.push_back(fan.pupil[i]);
        curve.y.push_back(std::numeric_limits<double>::quiet_NaN());
      }
      curve.x.push_back(fan.pupil[i]);
      curve.y.push_back(values[i]);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

// Tangential and sagittal side by side, all fields on one scale.
std::string fan_pair(const System& system, const FieldAnalysis& field, const Axis& y,
                     Quantity quantity) {
  constexpr double width = page_width / 2, height = 172, split = 0.535;
  const std::string label = field_label(system.lens, field.field);
  Svg svg(width, height, "Fans of the field " + label);
  svg.text({width / 2 + 14, 13}, "field " + label,
           {.anchor = TextStyle::Anchor::middle, .bold = true});
  Plot plot{.title = "",
            .x = {"tangential, py", {-1, 1}, 2, true},
            .y = y,
            .curves = fans(system, field, true, quantity),
            .message = field.traced ? "no rays" : untraced,
            .zero_lines = true};
  draw(svg, plot, {0, 12, split * width, height - 12});
  plot.x.label = "sagittal, px";
  plot.y.label.clear();
  plot.y.numbers = false;
  plot.curves = fans(system, field, false, quantity);
  draw(svg, plot, {split * width, 12, (1 - split) * width, height - 12});
  return svg.str();
}

std::string fan_figures(const System& system, const Analysis& analysis, Quantity quantity,
                        const std::string& y_label) {
  Range range{0, 0};
  for (const FieldAnalysis& field : analysis.fields)
    for (const bool tangential : {true, false}) {
      const Range own = extent_y(fans(system, field, tangential, quantity));
      if (!own.is_empty()) range = united(range, own);
    }
  const Axis y = rounded_axis(y_label, symmetric(range), 6);
  std::vector<std::string> drawings;
  drawings.reserve(analysis.fields.size());
  for (const FieldAnalysis& field : analysis.fields)
    drawings.push_back(fan_pair(system, field, y, quantity));
  return legend(wavelength_legend(system)) + grid(drawings);
}

}  // namespace

std::string ray_fan_section(const System& system, const Analysis& analysis) {
  return section("ray-fans", "Ray fans",
                 paragraph("Errors in the image, from the chief ray at the reference wavelength.") +
                     fan_figures(system, analysis, Quantity::ray_error_um, "ray error (µm)"),
                 true);
}

std::string wavefront_fan_section(const System& system, const Analysis& analysis) {
  return section("opd-fans", "Optical path difference",
                 paragraph("In waves of each wavelength.") +
                     fan_figures(system, analysis, Quantity::wavefront_waves, "OPD (waves)"));
}

}  // namespace lichtbild::optics::report
