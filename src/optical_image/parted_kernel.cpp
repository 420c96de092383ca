#include "optical_image/parted_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/sinc.h"

namespace lichtbild {
namespace {

constexpr int step = PartedKernel::coarse_step;
constexpr double most_skirt = 0.05;  // of the light
constexpr int smallest_core = 7;

double light_beyond(const CellKernel& kernel, const std::vector<float>& share) {
  double skirt = 0;
  for (std::size_t k = 0; k < kernel.weight.size(); ++k)
    skirt += std::abs(kernel.weight[k]) * (1 - share[k]);
  return skirt;
}

CellKernel core_of(const CellKernel& kernel, int radius, const std::vector<float>& share) {
  CellKernel core(radius);
  for (int y = -radius; y <= radius; ++y)
    for (int x = -radius; x <= radius; ++x) {
      const int i = (y + kernel.radius) * kernel.size() + x + kernel.radius;
      core.weight[std::size_t(y + radius) * core.size() + x + radius] = share[i] * kernel.weight[i];
    }
  return core;
}

// Means of cells, weights shared between coarse cells, and lines between coarse cells dampen what
// the skirt holds by sinc^5; this is given back at half the coarse cells' Nyquist frequency.
void give_back(CellKernel& skirt) {
  constexpr double frequency = 0.25;  // cycles per coarse cell
  const float a = sharpening_for(std::pow(sinc(frequency), 5), frequency);
  skirt.sharpen(a, a);
}

// What the core leaves of a cell is shared between the four coarse cells around it, by its
// distances.
CellKernel skirt_of(const CellKernel& kernel, const std::vector<float>& core_share) {
  CellKernel skirt(kernel.radius / step + 2);  // one for the sharpening
  const int coarse = skirt.radius, wide = step * (coarse + 1);
  std::vector<float> rest(2 * wide + 1, 0.f), columns(skirt.size());
  for (int y = -kernel.radius, i = 0; y <= kernel.radius; ++y) {
    for (int x = -kernel.radius; x <= kernel.radius; ++x, ++i)
      rest[x + wide] = (1 - core_share[i]) * kernel.weight[i];
    for (int u = -coarse; u <= coarse; ++u) {
      const float* around = &rest[step * u + wide];
      float sum = 0;
      for (int x = 1 - step; x < step; ++x) sum += float(step - std::abs(x)) / step * around[x];
      columns[u + coarse] = sum;
    }
    const int above = (y + wide) / step - coarse - 1, beyond = y - step * above;
    float* row = &skirt.weight[std::size_t(above + coarse) * skirt.size()];
    add_weighted(columns.data(), float(step - beyond) / step, skirt.size(), row);
    if (beyond > 0)
      add_weighted(columns.data(), float(beyond) / step, skirt.size(), row + skirt.size());
  }
  give_back(skirt);
  return skirt;
}

}  // namespace

KernelParting::KernelParting(int kernel_radius) {
  for (int radius = smallest_core; radius < kernel_radius; radius += 2) {
    cores_.push_back({radius, {}});
    std::vector<float>& share = cores_.back().value;
    for (int y = -kernel_radius; y <= kernel_radius; ++y)
      for (int x = -kernel_radius; x <= kernel_radius; ++x) {
        const double inner = 0.75 * radius;
        const double t = std::clamp((std::hypot(x, y) - inner) / (radius + 1 - inner), 0.0, 1.0);
        share.push_back(float(1 - t * t * (3 - 2 * t)));
      }
  }
}

PartedKernel KernelParting::operator()(const CellKernel& kernel) const {
  const auto core = std::ranges::find_if(cores_, [&](const CoreShares& shares) {
    return light_beyond(kernel, shares.value) <= most_skirt;
  });
  if (core == cores_.end()) return {kernel, CellKernel(0)};
  return {core_of(kernel, core->radius, core->value), skirt_of(kernel, core->value)};
}

}  // namespace lichtbild
