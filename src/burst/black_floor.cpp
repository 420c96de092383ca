#include "burst/black_floor.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/parallel.h"

namespace lichtbild {
namespace {

constexpr int reach = 3;  // quads to either side over which the local mean is taken

// Excess of the observed mean over the true mean, in deviations, tabulated over the observed mean
// in deviations.
class ExcessTable {
 public:
  ExcessTable() {
    for (int k = 0; k <= size; ++k) {
      const double observed = k / per_sigma;
      excess_[k] = float(observed - mean_before_cut(observed, 1));
    }
  }
  float operator()(float observed) const {
    const float place = std::clamp(observed * per_sigma, 0.0f, size - 0.001f);
    const int k = int(place);
    return excess_[k] + (place - float(k)) * (excess_[k + 1] - excess_[k]);
  }

 private:
  static constexpr int size = 128;
  static constexpr float per_sigma = 32;
  float excess_[size + 1];
};

}  // namespace

bool is_cut_at_black(const Image<float>& mosaic) {
  constexpr double least_share = 0.005;
  std::size_t cut = 0, looked_at = 0;
  for (int y = 0; y < mosaic.height(); y += 3)
    for (const float *s = mosaic.row(y), *end = s + mosaic.width(); s != end; ++s, ++looked_at) {
      if (*s < 0) return false;
      cut += *s == 0;
    }
  return double(cut) > least_share * double(looked_at);
}

double mean_before_cut(double observed, double sigma) {
  const auto after_cut = [&](double m) {
    const double t = m / sigma;
    return m * 0.5 * std::erfc(-t * M_SQRT1_2) + sigma * std::exp(-t * t / 2) / std::sqrt(2 * M_PI);
  };
  // M rises with m from 0.4 sigma at 0, so bisection between 0 and the observed mean finds it.
  double low = 0, high = std::max(observed, 0.0);
  if (after_cut(low) >= observed) return 0;
  for (int step = 0; step < 50; ++step) {
    const double middle = (low + high) / 2;
    (after_cut(middle) < observed ? low : high) = middle;
  }
  return (low + high) / 2;
}

void undo_cut_at_black(Image<float>& mosaic, const Cfa& cfa, const NoiseModel& noise) {
  const ExcessTable excess;
  const int width = mosaic.width() / 2, height = mosaic.height() / 2;
  for (int place = 0; place < 4; ++place) {
    const int c = int(cfa.colors[place]), px = place % 2, py = place / 2;
    const float scale = float(noise.scale[c]), offset = float(noise.offset[c]);
    if (offset <= 0) continue;
    // Local means are taken of the samples as they were, while the mosaic is being changed.
    const Image<float> original = [&] {
      Image<float> plane(width, height);
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) plane(x, y) = mosaic(2 * x + px, 2 * y + py);
      return plane;
    }();
    parallel_rows(height, [&](int first, int last) {
      std::vector<float> columns(width + 1);
      for (int y = first; y < last; ++y) {
        const int top = std::max(y - reach, 0), bottom = std::min(y + reach, height - 1);
        std::fill(columns.begin(), columns.end(), 0.0f);
        for (int j = top; j <= bottom; ++j)
          for (int x = 0; x < width; ++x) columns[x + 1] += original(x, j);
        for (int x = 0; x < width; ++x) columns[x + 1] += columns[x];  // now a running sum
        for (int x = 0; x < width; ++x) {
          const int left = std::max(x - reach, 0), right = std::min(x + reach, width - 1);
          const float mean =
              (columns[right + 1] - columns[left]) / float((right - left + 1) * (bottom - top + 1));
          const float sigma = std::sqrt(scale * std::max(mean, 0.0f) + offset);
          if (mean < 4 * sigma) mosaic(2 * x + px, 2 * y + py) -= sigma * excess(mean / sigma);
        }
      }
    });
  }
}

}  // namespace lichtbild
