#include "develop/deconvolution.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/parallel.h"
#include "core/repeated_row.h"
#include "develop/detail_tile.h"
#include "develop/inverse_filter.h"

namespace lichtbild {
namespace {

// Of the inverse's gain, 1 / (2 sqrt(e)): without any noise. Red and blue have half of green's
// samples: more of their detail is the demosaic's estimate.
constexpr double least_noise_to_signal[] = {0.03, 0.02, 0.03};
// Detail that is worth sharpening deviates by this share of middle gray.
constexpr double detail_contrast = 0.28, middle_gray = 0.18;

double noise_to_signal(const NoiseModel& noise, int channel, double variance_ratio) {
  const double variance =
      variance_ratio * (noise.scale[channel] * middle_gray + noise.offset[channel]);
  return least_noise_to_signal[channel] + variance / std::pow(detail_contrast * middle_gray, 2);
}

double mean(const Image<float>& picture) {
  double sum = 0;
  for (const float v : picture.samples()) sum += v;
  return sum / double(picture.size());
}

// The samples around a tile at (left, top) of the area; beyond its border the border is repeated.
void load(const ActiveArea& area, int plane, int left, int top, float* out) {
  constexpr int before = inverse_reach + DetailTile::rim, size = DetailTile::in_size;
  const Crop& place = area.place;
  for (int v = 0; v < size; ++v, out += DetailTile::in_stride) {
    const int y = std::clamp(top - before + v, 0, place.height - 1);
    load_repeated_row(area.picture.row(place.y + y, plane) + place.x, place.width, left - before,
                      DetailTile::in_stride, out);
  }
}

float energy(const InverseTaps& taps) {
  float sum = 0;
  for (const float tap : taps) sum += tap * tap;
  return sum;
}

}  // namespace

Image<Half> deconvolved(const ActiveArea& blurred, const LensProfile& lens, const NoiseModel& noise,
                        const Image<float>& variance_ratio) {
  const int width = blurred.place.width, height = blurred.place.height;
  const double half = std::hypot(width, height) / 2, axis_x = lens.center_x * width,
               axis_y = lens.center_y * height, ratio = mean(variance_ratio);
  std::vector<InverseFilter> filters;
  filters.reserve(3);
  for (int c = 0; c < 3; ++c) filters.emplace_back(lens.psf, c, noise_to_signal(noise, c, ratio));

  Image<Half> sharp(width, height, 3);
  constexpr int size = DetailTile::size;
  parallel_blocks((height + size - 1) / size, 1, [&](int row, int) {
    const auto tile = std::make_unique<DetailTile>();
    const int top = row * size, rows = std::min(size, height - top);
    for (int left = 0; left < width; left += size) {
      const int columns = std::min(size, width - left);
      const double x = left + columns / 2.0, y = top + rows / 2.0;
      const float local = variance_ratio(std::min(int(x) / 8, variance_ratio.width() - 1),
                                         std::min(int(y) / 8, variance_ratio.height() - 1));
      for (int c = 0; c < 3; ++c) {
        DetailTile::Color& color = tile->color[c];
        color.taps = filters[c].at((x - axis_x) / half, (y - axis_y) / half);
        constexpr float least = 1e-12f;  // a picture without noise
        const float of_detail = local * energy(color.taps);
        color.noise_scale = of_detail * float(noise.scale[c]);
        color.noise_offset = of_detail * float(noise.offset[c]) + least;
        load(blurred, c, left, top, color.in.data());
      }
      tile->restore();
      for (int c = 0; c < 3; ++c)
        for (int v = 0; v < rows; ++v)
          narrow(tile->color[c].out.data() + v * DetailTile::detail_size, columns,
                 sharp.row(top + v, c) + left);
    }
  });
  return sharp;
}

}  // namespace lichtbild
