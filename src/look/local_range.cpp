#include "look/local_range.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lichtbild {
namespace {

// Contrast up to about this many stops is detail, more is an edge of the base.
constexpr float edge_stops = 0.7f;

// Mean over the square of `radius` around each cell, smaller at the borders; running sums, rows and
// then columns.
Image<float> box_mean(const Image<float>& in, int radius) {
  const int w = in.width(), h = in.height();
  Image<float> rows(w, h), out(w, h);
  for (int y = 0; y < h; ++y) {
    double sum = 0;
    for (int x = 0; x < std::min(radius, w); ++x) sum += in(x, y);
    for (int x = 0; x < w; ++x) {
      if (x + radius < w) sum += in(x + radius, y);
      if (x - radius - 1 >= 0) sum -= in(x - radius - 1, y);
      rows(x, y) = float(sum / (std::min(x + radius, w - 1) - std::max(x - radius, 0) + 1));
    }
  }
  std::vector<double> sums(w, 0.0);
  for (int y = 0; y < std::min(radius, h); ++y)
    for (int x = 0; x < w; ++x) sums[x] += rows(x, y);
  for (int y = 0; y < h; ++y) {
    const int count = std::min(y + radius, h - 1) - std::max(y - radius, 0) + 1;
    for (int x = 0; x < w; ++x) {
      if (y + radius < h) sums[x] += rows(x, y + radius);
      if (y - radius - 1 >= 0) sums[x] -= rows(x, y - radius - 1);
      out(x, y) = float(sums[x] / count);
    }
  }
  return out;
}

}  // namespace

Image<float> local_base(const Image<float>& log_luminance, int radius_cells) {
  const int w = log_luminance.width(), h = log_luminance.height();
  Image<float> squares(w, h), a(w, h), b(w, h);
  for (std::size_t k = 0; k < squares.size(); ++k)
    squares.samples()[k] = log_luminance.samples()[k] * log_luminance.samples()[k];
  const Image<float> mean = box_mean(log_luminance, radius_cells),
                     mean_square = box_mean(squares, radius_cells);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const float m = mean.samples()[k], variance = std::max(mean_square.samples()[k] - m * m, 0.0f);
    a.samples()[k] = variance / (variance + edge_stops * edge_stops);
    b.samples()[k] = m * (1 - a.samples()[k]);
  }
  const Image<float> smooth_a = box_mean(a, radius_cells), smooth_b = box_mean(b, radius_cells);
  Image<float> maps(w, h, 2);
  std::ranges::copy(smooth_a.samples(), maps.row(0, 0));
  std::ranges::copy(smooth_b.samples(), maps.row(0, 1));
  return maps;
}

}  // namespace lichtbild
