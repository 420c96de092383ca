#include "develop/exposure.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lichtbild {
namespace {

constexpr double middle_gray = 0.18;
constexpr double follow = 0.88;            // share of the way to middle gray, in stops
constexpr double darkest = 1e-4;           // luminances below are black to the meter
constexpr double brightest_share = 0.005;  // of the picture may be brighter than
constexpr double brightest = 5;            // times diffuse white
constexpr double most_stops = 6, least_stops = -3;

}  // namespace

double automatic_exposure(const Image<float>& balanced, const Cfa& cfa,
                          const Matrix3& rec2020_from_balanced) {
  constexpr int cell = 16;  // mosaic samples: small things and noise do not meter
  std::vector<double> luminances, weights;
  for (int y = 0; y + cell <= balanced.height(); y += cell)
    for (int x = 0; x + cell <= balanced.width(); x += cell) {
      Vector3 mean{};
      for (int j = 0; j < cell; j += 2)
        for (int i = 0; i < cell; i += 2)
          for (int place = 0; place < 4; ++place) {
            const int c = int(cfa.colors[place]);
            mean[c] += (c == 1 ? 0.5 : 1.0) * balanced(x + i + place % 2, y + j + place / 2);
          }
      for (double& m : mean) m /= cell * cell / 4.0;
      const Vector3 rgb = rec2020_from_balanced * mean;
      luminances.push_back(std::max(0.2627 * rgb[0] + 0.6780 * rgb[1] + 0.0593 * rgb[2], 0.0));
      // What lies in the middle counts up to three times as much as the corners.
      const double u = double(x) / balanced.width() - 0.5, v = double(y) / balanced.height() - 0.5;
      weights.push_back(1 / (1 + 4 * (u * u + v * v)));
    }
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
