#include "scene/scene.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "core/parallel.h"
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

// Samples that can be no light count as black.
void mend(Image<float>& samples, SceneImage& scene) {
  for (float& sample : samples.samples()) {
    if (!std::isfinite(sample)) sample = 0, ++scene.not_finite;
    if (sample < 0) sample = 0, ++scene.negative;
  }
}

SceneImage image_from(const std::string& path) {
  Image<float> samples = read_image(path);
  SceneImage scene;
  mend(samples, scene);
  scene.rec2020 = light_of(samples, picture_colors(path), path);
  for (float& sample : scene.rec2020.samples()) sample = std::max(sample, 0.F);
  return scene;
}

Image<float> seen_by_responses(const SceneImage& scene, const Spectrum& illuminant,
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
    return paint_image(seen_by_responses(*picture, illuminant, responses), grid);
  Weights weights;
  for (int c = 0; c < 3; ++c) weights[c] = illuminant * responses[c];
  return paint_chart(chart_layout(std::get<Chart>(scene), grid.frame_width, grid.frame_height),
                     weights, grid);
}

}  // namespace lichtbild
