#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <random>

#include "core/halide_buffer.h"
#include "log_luminance.h"
#include "look/curve.h"
#include "look/local_range.h"
#include "look/look.h"
#include "look/oklab.h"
#include "render_16.h"
#include "render_8.h"

namespace lichtbild {
namespace {

// A tile of grain: Gaussian noise under a Gaussian of the grain's size, wrapped around so that
// tiles join.
Image<float> grain_tile(double amount, double size_px) {
  constexpr int side = grain_side, reach = 6;
  if (amount <= 0) {
    Image<float> none(side, side);
    none.fill(0);
    return none;
  }
  std::mt19937 random(20260101);
  std::normal_distribution<float> normal(0, 1);
  Image<float> white(side, side), rows(side, side), tile(side, side);
  for (float& s : white.samples()) s = normal(random);
  float kernel[2 * reach + 1], energy = 0;
  for (int k = -reach; k <= reach; ++k)
    kernel[k + reach] = float(std::exp(-k * k / (2 * std::pow(size_px / 2, 2))));
  for (float k : kernel) energy += k * k;
  const auto pass = [&](const Image<float>& in, Image<float>& out, int dx, int dy) {
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        float sum = 0;
        for (int k = -reach; k <= reach; ++k)
          sum += kernel[k + reach] * in((x + k * dx + side) % side, (y + k * dy + side) % side);
        out(x, y) = sum;
      }
  };
  pass(white, rows, 1, 0);
  pass(rows, tile, 0, 1);
  for (float& s : tile.samples()) s *= float(amount) / energy;
  return tile;
}

Image<float> matrix_table(ColorSpace space) {
  const Matrix3 all[] = {lms_from_rgb(xyz_from_rec2020()), oklab_from_roots().inverse(),
                         lms_from_rgb(xyz_from_linear(space)).inverse(), oklab_from_roots()};
  Image<float> table(4, 9);
  for (int k = 0; k < 4; ++k)
    for (int i = 0; i < 9; ++i) table(k, i) = float(all[k].m[i]);
  return table;
}

Image<float> base_of(const Image<Half>& rec2020, double radius_percent) {
  Image<float> cells((rec2020.width() + local_cell - 1) / local_cell,
                     (rec2020.height() + local_cell - 1) / local_cell);
  auto in = halide_buffer(rec2020);
  auto out = halide_buffer(cells);
  check(log_luminance(in, out));
  const int longer = std::max(cells.width(), cells.height());
  return local_base(cells, std::max(1, int(std::lround(radius_percent / 100 * longer))));
}

// Deviation of sqrt(luminance) that the noise causes: about half the root of the variance per
// signal, at any brightness.
double root_noise(const NoiseModel& noise, double exposure_stops) {
  const double green = noise.scale[1] * std::exp2(exposure_stops);
  return 0.5 * std::sqrt(green) *
         0.6;  // demosaicing and noise reduction leave this share in the luminance
}

}  // namespace

Rendition render(const Image<Half>& rec2020, const Look& look, const NoiseModel& noise,
                 double exposure_stops, const RenderParams& params) {
  auto base_to_come =
      std::async(std::launch::async, base_of, std::cref(rec2020), look.radius_percent);
  const Image<float> hues = hue_table(look);
  const Image<float> gamut = gamut_table(params.space), matrices = matrix_table(params.space);
  const Image<float> grain = grain_tile(look.grain, look.grain_size_px);
  const double hue = look.tint_hue_deg * M_PI / 180;
  const Image<float> base = base_to_come.get();
  const auto run = [&](auto kernel, const Image<float>& curve, const auto& hue_rules,
                       const Vector3& hue_steps_worth, const auto& gamut_edges, auto& pixels) {
    auto in = halide_buffer(rec2020);
    auto maps = halide_buffer(base), tone_in = halide_buffer(curve);
    auto hue_in = halide_buffer(hue_rules);
    auto gamut_in = halide_buffer(gamut_edges);
    auto grain_in = halide_buffer(grain), matrices_in = halide_buffer(matrices);
    using Sample = std::remove_pointer_t<decltype(pixels.row(0))>;
    auto out = Halide::Runtime::Buffer<Sample>::make_interleaved(pixels.row(0), rec2020.width(),
                                                                 rec2020.height(), 3);
    check(kernel(
        in, maps, tone_in, hue_in, gamut_in, grain_in, matrices_in, float(hue_steps_worth[0]),
        float(hue_steps_worth[1]), float(hue_steps_worth[2]), float(std::exp2(look.bias_stops)),
        float(look.shadows), float(look.highlights), float(look.detail), float(look.sharpening),
        float(look.sharpening_threshold * root_noise(noise, exposure_stops)), float(look.vibrance),
        float(look.mono), float(look.mono_red), float(look.mono_green), float(look.mono_blue),
        float(look.tint_chroma * std::cos(hue)), float(look.tint_chroma * std::sin(hue)), out));
  };
  Rendition rendition;
  rendition.space = params.space;
  if (params.depth == Depth::eight_bit) {
    Image<std::uint8_t> pixels(rec2020.width() * 3, rec2020.height());
    const PackedHues packed = packed_hues(hues);
    run(render_8, tone_table_by_bits(look), packed.table,
        {packed.chroma_step, packed.turn_step, packed.lightness_step}, packed_gamut(gamut), pixels);
    rendition.rgb = std::move(pixels);
  } else {
    Image<std::uint16_t> pixels(rec2020.width() * 3, rec2020.height());
    run(render_16, tone_table(look), hues, {1, 1, 1}, gamut, pixels);
    rendition.rgb = std::move(pixels);
  }
  return rendition;
}

}  // namespace lichtbild
