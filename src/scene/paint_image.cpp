#include "scene/paint_image.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

// Which samples of a line make up each cell.
struct Taps {
  int count = 0;           // for each cell
  std::vector<int> first;  // may lie beyond the border
  std::vector<float> weight;
  // Cells finer than samples are held between the two samples around them: an edge between lamp and
  // night must not ring.
  bool held = false;
  // Of the two, counted from the cell's first sample: Lanczos-3 begins with the third before it.
  static constexpr int before = 2;
};

// `first`, `step`: of the cells, in samples.
Taps taps_of(int cells, double first, double step) {
  const double stretch = std::max(1.0, step), reach = 3 * stretch;
  const auto lanczos = [&](double x) {
    const double t = x / stretch * M_PI;
    if (std::abs(t) < 1e-9) return 1.0;
    return std::abs(t) < 3 * M_PI ? 3 * std::sin(t) * std::sin(t / 3) / (t * t) : 0.0;
  };
  Taps taps;
  taps.held = step < 1;
  taps.count = int(std::ceil(2 * reach)) + 1;
  for (int i = 0; i < cells; ++i) {
    const double at = first + step * i;
    const int from = int(std::ceil(at - reach));
    taps.first.push_back(from);
    double sum = 0;
    for (int k = 0; k < taps.count; ++k) sum += lanczos(from + k - at);
    for (int k = 0; k < taps.count; ++k) taps.weight.push_back(float(lanczos(from + k - at) / sum));
  }
  return taps;
}

Image<float> across(const Image<float>& light, const Taps& taps, int cells) {
  Image<float> out(cells, light.height(), light.planes());
  parallel_rows(light.height() * light.planes(), [&](int begin, int end) {
    // The border is repeated as far as any cell looks.
    const int before = std::max(0, -taps.first.front()),
              after = std::max(0, taps.first.back() + taps.count - light.width());
    std::vector<float> line(light.width() + before + after);
    for (int i = begin; i < end; ++i) {
      const int y = i % light.height(), plane = i / light.height();
      const float* row = light.row(y, plane);
      std::fill_n(line.begin(), before, row[0]);
      std::copy_n(row, light.width(), line.begin() + before);
      std::fill_n(line.begin() + before + light.width(), after, row[light.width() - 1]);
      float* to = out.row(y, plane);
      for (int x = 0; x < cells; ++x) {
        const float* from = line.data() + taps.first[x] + before;
        const float* weight = &taps.weight[std::size_t(x) * taps.count];
        float sum = 0;
        for (int k = 0; k < taps.count; ++k) sum += weight[k] * from[k];
        if (taps.held) {
          const auto [least, most] = std::minmax(from[Taps::before], from[Taps::before + 1]);
          sum = std::clamp(sum, least, most);
        }
        to[x] = sum;
      }
    }
  });
  return out;
}

LICHTBILD_VECTOR_CLONES
void add_row(const float* row, float weight, int count, float* sum) {
  for (int x = 0; x < count; ++x) sum[x] += weight * row[x];
}

LICHTBILD_VECTOR_CLONES
void hold(const float* above, const float* below, int count, float* sum) {
  for (int x = 0; x < count; ++x) {
    const float least = above[x] < below[x] ? above[x] : below[x],
                most = above[x] < below[x] ? below[x] : above[x];
    sum[x] = sum[x] < least ? least : sum[x] > most ? most : sum[x];
  }
}

LICHTBILD_VECTOR_CLONES
void to_halves(const float* sum, int count, Half* out) {
  for (int x = 0; x < count; ++x) out[x] = half_from(sum[x] > 0 ? sum[x] : 0);
}

}  // namespace

Image<Half> paint_image(const Image<float>& light, const PaintGrid& grid) {
  const double per_px = std::min(double(light.width()) / grid.frame_width,
                                 double(light.height()) / grid.frame_height);
  const auto start = [&](double first_px, int samples) {
    return first_px * per_px + (samples - 1) / 2.0;
  };
  const double step = grid.step * per_px;
  const Taps columns = taps_of(grid.width, start(grid.first_x, light.width()), step),
             rows = taps_of(grid.height, start(grid.first_y, light.height()), step);
  const Image<float> wide = across(light, columns, grid.width);
  Image<Half> out(grid.width, grid.height, 3);
  parallel_blocks(grid.height * 3, 32, [&](int begin, int end) {
    std::vector<float> sum(grid.width);
    for (int i = begin; i < end; ++i) {
      const int y = i % grid.height, plane = i / grid.height;
      std::fill(sum.begin(), sum.end(), 0.f);
      const auto row = [&](int at) {
        return wide.row(std::clamp(at, 0, light.height() - 1), plane);
      };
      for (int k = 0; k < rows.count; ++k) {
        const float weight = rows.weight[std::size_t(y) * rows.count + k];
        if (weight != 0) add_row(row(rows.first[y] + k), weight, grid.width, sum.data());
      }
      const int before = rows.first[y] + Taps::before;
      if (rows.held) hold(row(before), row(before + 1), grid.width, sum.data());
      to_halves(sum.data(), grid.width, out.row(y, plane));
    }
  });
  return out;
}

}  // namespace lichtbild
