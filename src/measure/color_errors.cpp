#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/delta_e.h"
#include "measure/color_checker.h"

namespace lichtbild {
namespace {

Vector3 scaled(const Vector3& v, double s) { return {s * v[0], s * v[1], s * v[2]}; }

std::array<double, checker_patches> differences(const PatchColors& measured,
                                                const PatchColors& reference, const Vector3& white,
                                                double scale) {
  std::array<double, checker_patches> out;
  for (int i = 0; i < checker_patches; ++i)
    out[i] = delta_e_2000(lab_from_xyz(scaled(measured[i], scale), white),
                          lab_from_xyz(reference[i], white));
  return out;
}

double mean_of(const std::array<double, checker_patches>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / checker_patches;
}

}  // namespace

ColorErrors color_errors(const PatchColors& measured, const PatchColors& reference,
                         const Vector3& white) {
  const auto error = [&](double stops) {
    return mean_of(differences(measured, reference, white, std::exp2(stops)));
  };
  // From the luminances' ratio, the best of a grid, then finer ones around it.
  double y = 0, reference_y = 0;
  for (int i = 0; i < checker_patches; ++i) y += measured[i][1], reference_y += reference[i][1];
  double best = std::log2(reference_y / std::max(y, 1e-12));
  for (double step = 0.1; step > 1e-4; step /= 8) {
    const double middle = best;
    for (int k = -10; k <= 10; ++k)
      if (error(middle + k * step) < error(best)) best = middle + k * step;
  }
  ColorErrors out;
  out.delta_e = differences(measured, reference, white, std::exp2(best));
  out.mean = mean_of(out.delta_e);
  out.max = *std::ranges::max_element(out.delta_e);
  out.exposure_stops = -best;
  for (int i = 19; i < 23; ++i) {
    const Lab lab = lab_from_xyz(scaled(measured[i], std::exp2(best)), white),
              right = lab_from_xyz(reference[i], white);
    out.white_chroma += std::hypot(lab.a - right.a, lab.b - right.b) / 4;
  }
  return out;
}

}  // namespace lichtbild
