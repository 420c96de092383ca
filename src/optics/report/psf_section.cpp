#include <algorithm>
#include <cmath>

#include "optics/report/gray_png.h"
#include "optics/report/page.h"
#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

constexpr double decades = 4;  // below them: white
constexpr int most_pixels = 128;

struct Window {
  int half = 0;     // in samples of the PSF
  int binning = 1;  // samples to a pixel
};

bool is_usable(const Psf& psf) {
  return psf.size > 0 && psf.value.size() == std::size_t(psf.size) * std::size_t(psf.size) &&
         psf.spacing_um > 0;
}

// What 99 % of the energy lies in, and at least six Airy radii.
Window window_of(const Psf& psf, double airy_um) {
  const int center = psf.size / 2;
  std::vector<double> ring(std::size_t(center) + 2, 0);
  for (int y = 0; y < psf.size; ++y)
    for (int x = 0; x < psf.size; ++x) {
      const int distance = std::max(std::abs(x - center), std::abs(y - center));
      ring[std::size_t(distance)] += psf.value[std::size_t(y) * psf.size + x];
    }
  int half = 0;
  for (double inside = 0; half < center && inside < 0.99; ++half) inside += ring[half];
  if (std::isfinite(airy_um)) half = std::max(half, int(6 * airy_um / psf.spacing_um));
  half = std::clamp(half, 4, std::max(4, center));
  return {half, (2 * half + most_pixels - 1) / most_pixels};
}

// Black: the peak; white: `decades` below it. Rows of the picture from the top: +y first.
std::string picture(const Psf& psf, const Window& window, int& pixels) {
  pixels = 2 * window.half / window.binning;
  const int start = psf.size / 2 - pixels * window.binning / 2;
  std::vector<double> mean(std::size_t(pixels) * pixels, 0);
  for (int y = 0; y < pixels * window.binning; ++y)
    for (int x = 0; x < pixels * window.binning; ++x) {
      const int u = start + x, v = start + y;
      if (u < 0 || v < 0 || u >= psf.size || v >= psf.size) continue;
      mean[std::size_t(pixels - 1 - y / window.binning) * pixels + x / window.binning] +=
          psf.value[std::size_t(v) * psf.size + u];
    }
  const double peak = *std::max_element(mean.begin(), mean.end());
  std::vector<std::uint8_t> gray;
  for (const double v : mean) {
    const double depth = v > 0 && peak > 0 ? -std::log10(v / peak) / decades : 1;
    gray.push_back(std::uint8_t(std::lround(255 * std::clamp(depth, 0., 1.))));
  }
  return gray_png_base64(gray, pixels, pixels);
}

std::string one_field(const System& system, const FieldAnalysis& field, const Psf* psf,
                      const Window& window, double airy_um) {
  constexpr double width = page_width / 4;
  const Box frame{4, 20, width - 8, width - 8};
  const std::string label = field_label(system.lens, field.field);
  Svg svg(width, width + 36, "Point spread function of the field " + label);
  svg.text({width / 2, 14}, "field " + label, {.anchor = TextStyle::Anchor::middle, .bold = true});
  if (!field.traced || !psf) {
    draw_message(svg, frame, field.traced ? not_computed : untraced);
  } else {
    int pixels = 0;
    svg.png(frame, picture(*psf, window, pixels));
    const double px_per_um = frame.width / (pixels * window.binning * psf->spacing_um);
    svg.circle({frame.x + frame.width / 2, frame.y + frame.height / 2}, airy_um * px_per_um,
               {vermilion, 0.9, "3 2"});
    const double bar_um = round_length(0.35 * frame.width / px_per_um), y = frame.bottom() - 8;
    svg.line({frame.x + 6, y}, {frame.x + 6 + bar_um * px_per_um, y}, {vermilion, 1.8, ""});
    svg.text({frame.x + 10 + bar_um * px_per_um, y + 4}, significant(bar_um, 1) + " µm");
    svg.text({width / 2, frame.bottom() + 14}, "Strehl " + fixed(field.strehl, 3),
             {.anchor = TextStyle::Anchor::middle});
  }
  svg.rectangle(frame, "none", {black, 0.8, ""});
  return svg.str();
}

}  // namespace

std::string psf_section(const System& system, const Analysis& analysis) {
  const double airy_um = airy_radius_um(system, analysis);
  std::vector<std::string> drawings;
  for (std::size_t i = 0; i < analysis.fields.size(); ++i) {
    const bool usable = i < analysis.psf.size() && is_usable(analysis.psf[i]);
    const Psf* psf = usable ? &analysis.psf[i] : nullptr;
    drawings.push_back(one_field(system, analysis.fields[i], psf,
                                 psf ? window_of(*psf, airy_um) : Window{}, airy_um));
  }
  if (analysis.psf.empty())
    return section("psf", "Point spread functions", paragraph(not_computed));
  return section("psf", "Point spread functions",
                 paragraph("Polychromatic, y upwards; logarithmic, black: the peak, white: 10⁻⁴ "
                           "of it and less; each field at its own scale. Circle: " +
                           airy_text(airy_um) + ".") +
                     grid(drawings),
                 true);
}

}  // namespace lichtbild::optics::report
