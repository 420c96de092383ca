#include "scene/scene.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/color.h"
#include "core/error.h"
#include "core/parallel.h"
#include "core/suffix.h"
#include "picture/picture.h"
#include "scene/chart.h"
#include "scene/paint_image.h"
#include "scene/upsampling.h"

namespace lichtbild {
namespace {

constexpr const char* chart_prefix = "chart:";

Chart chart_named(const std::string& name, const std::string& spectra_folder) {
  const std::map<std::string, ChartKind> kinds = {
      {"color", ChartKind::color_checker}, {"edges", ChartKind::slanted_edges},
      {"star", ChartKind::siemens_star},   {"grid", ChartKind::grid},
      {"wedge", ChartKind::gray_wedge},    {"flat", ChartKind::flat_field},
      {"leaves", ChartKind::dead_leaves}};
  const auto found = kinds.find(name);
  if (found == kinds.end()) {
    std::string known;
    for (const auto& [key, kind] : kinds) known += (known.empty() ? "" : ", ") + key;
    throw Error(chart_prefix + name, "is no built-in chart", "known: " + known);
  }
  Chart chart{found->second, {}};
  if (chart.kind == ChartKind::color_checker)
    chart.checker = read_spectra(spectra_folder + "/colorchecker.tsv");
  return chart;
}

bool is_linear(const std::string& path, const Image<float>& samples) {
  const std::string suffix = suffix_of(path);
  // A TIFF of floats is linear: code values end at 1.
  return suffix == ".exr" ||
         (suffix == ".tif" &&
          std::ranges::any_of(samples.samples(), [](float v) { return v > 1; }));
}

SceneImage image_from(const std::string& path) {
  Image<float> samples = read_image(path);
  SceneImage scene;
  scene.rec2020 = Image<float>(samples.width(), samples.height(), 3);
  const bool linear = is_linear(path, samples);
  const Primaries rec709{{0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}, white_d65};
  const Primaries p = exr_primaries(path).value_or(rec709);
  const Matrix3 matrix = xyz_from_rec2020().inverse() * adapt(p.white, white_d65) *
                         xyz_from_rgb(p.red, p.green, p.blue, p.white);
  const int last = samples.planes() - 1;
  for (int y = 0; y < samples.height(); ++y)
    for (int x = 0; x < samples.width(); ++x) {
      Vector3 rgb;
      for (int c = 0; c < 3; ++c) {
        float v = samples(x, y, std::min(c, last));
        if (!std::isfinite(v)) v = 0, ++scene.not_finite;
        if (v < 0) v = 0, ++scene.negative;
        rgb[c] = linear ? v : linear_from_srgb(v);
      }
      const Vector3 color = matrix * rgb;
      for (int c = 0; c < 3; ++c) scene.rec2020(x, y, c) = float(std::max(color[c], 0.0));
    }
  return scene;
}

Image<float> light_of(const SceneImage& scene, const Spectrum& illuminant,
                      const std::array<Spectrum, 3>& responses) {
  const ColorResponse response(illuminant, responses);
  const Image<float>& in = scene.rec2020;
  Image<float> out(in.width(), in.height(), 3);
  parallel_rows(in.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      std::array<std::span<const float>, 3> from;
      std::array<std::span<float>, 3> to;
      for (int c = 0; c < 3; ++c) {
        from[c] = {in.row(y, c), std::size_t(in.width())};
        to[c] = {out.row(y, c), std::size_t(in.width())};
      }
      response(from, to);
    }
  });
  return out;
}

}  // namespace

Scene read_scene(const std::string& path_or_chart, const std::string& spectra_folder) {
  if (path_or_chart.starts_with(chart_prefix))
    return chart_named(path_or_chart.substr(std::string(chart_prefix).size()), spectra_folder);
  return image_from(path_or_chart);
}

Image<Half> paint(const Scene& scene, const Spectrum& illuminant,
                  const std::array<Spectrum, 3>& responses, const PaintGrid& grid) {
  if (const auto* picture = std::get_if<SceneImage>(&scene))
    return paint_image(light_of(*picture, illuminant, responses), grid);
  Weights weights;
  for (int c = 0; c < 3; ++c) weights[c] = illuminant * responses[c];
  return paint_chart(chart_layout(std::get<Chart>(scene), grid.frame_width, grid.frame_height),
                     weights, grid);
}

}  // namespace lichtbild
