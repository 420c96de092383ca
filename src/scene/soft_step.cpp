#include "scene/soft_step.h"

#include <cmath>

namespace lichtbild {

SoftStep::SoftStep() {
  constexpr double cut = 0.42;  // cycles per cell where half is left
  constexpr double shape = 6;   // of Kaiser's window
  const auto filter = [&](double x) {
    const double r = x / reach, inside = 1 - r * r;
    if (inside <= 0) return 0.0;
    const double t = 2 * M_PI * cut * x;
    return (t == 0 ? 1 : std::sin(t) / t) * std::cyl_bessel_i(0, shape * std::sqrt(inside));
  };
  // Simpson's rule between the entries.
  double sum = 0;
  std::vector<double> integral{0};
  for (int i = 0; i < 2 * reach * per_cell; ++i) {
    const double a = -reach + double(i) / per_cell, h = 1.0 / per_cell;
    sum += h / 6 * (filter(a) + 4 * filter(a + h / 2) + filter(a + h));
    integral.push_back(sum);
  }
  for (const double value : integral) table_.push_back(float(value / sum));
}

}  // namespace lichtbild
