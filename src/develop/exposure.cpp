#include "develop/exposure.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/parallel.h"

namespace lichtbild {
namespace {

constexpr double middle_gray = 0.18;
constexpr double follow = 0.88;            // share of the way to middle gray, in stops
constexpr double darkest = 1e-4;           // luminances below are black to the meter
constexpr double brightest_share = 0.005;  // of the picture may be brighter than
constexpr double brightest = 5;            // times diffuse white
constexpr double most_stops = 6, least_stops = -3;
constexpr int cell = 16;  // mosaic samples: small things and noise do not meter

// The mean of each color in the cell that begins at (x, y).
Vector3 cell_mean(const Image<float>& mosaic, const Cfa& cfa, int x, int y) {
  float sums[2][cell] = {};  // of even and odd rows, by column
  for (int j = 0; j < cell; ++j) {
    const float* row = mosaic.row(y + j) + x;
    for (int i = 0; i < cell; ++i) sums[j % 2][i] += row[i];
  }
  Vector3 mean{};
  for (int place = 0; place < 4; ++place) {
    const int c = int(cfa.colors[place]);
    for (int i = place % 2; i < cell; i += 2) mean[c] += (c == 1 ? 0.5 : 1) * sums[place / 2][i];
  }
  for (double& m : mean) m /= cell * cell / 4.0;
  return mean;
}

}  // namespace

double automatic_exposure(const Image<float>& balanced, const Cfa& cfa,
                          const Matrix3& rec2020_from_balanced) {
  const int columns = balanced.width() / cell, rows = balanced.height() / cell;
  std::vector<double> luminances(std::size_t(columns) * rows), weights(luminances.size());
  parallel_rows(rows, [&](int first, int last) {
    for (int j = first; j < last; ++j)
      for (int i = 0; i < columns; ++i) {
        const Vector3 rgb = rec2020_from_balanced * cell_mean(balanced, cfa, i * cell, j * cell);
        const std::size_t k = std::size_t(j) * columns + i;
        luminances[k] = std::max(0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2], 0.0);
        // What lies in the middle counts up to three times as much as the corners.
        const double u = double(i * cell) / balanced.width() - 0.5,
                     v = double(j * cell) / balanced.height() - 0.5;
        weights[k] = 1 / (1 + 4 * (u * u + v * v));
      }
  });
  if (luminances.empty()) return 0;
  double sum = 0, total = 0;
  for (std::size_t k = 0; k < luminances.size(); ++k) {
    sum += weights[k] * std::log2(std::max(luminances[k], darkest));
    total += weights[k];
  }
  const double wished = follow * (std::log2(middle_gray) - sum / total);
  const auto rank =
      luminances.begin() + std::ptrdiff_t(double(luminances.size() - 1) * (1 - brightest_share));
  std::nth_element(luminances.begin(), rank, luminances.end());
  const double allowed = std::log2(brightest / std::max(*rank, darkest));
  return std::clamp(std::min(wished, allowed), least_stops, most_stops);
}

}  // namespace lichtbild
