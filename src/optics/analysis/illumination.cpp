#include "optics/analysis/illumination.h"

#include <cmath>

namespace lichtbild::optics {
namespace {

// The outermost ray that arrives along one direction in the pupil: a step inwards from the rim
// until a ray passes, then bisection.
std::optional<Arrival> rim_ray(const System& system, const Bundle& bundle, double angle) {
  const auto at = [&](double radius) {
    return arrive(system, bundle.wavelength(),
                  bundle.launch_by_map({radius * std::cos(angle), radius * std::sin(angle)}));
  };
  if (const auto full = at(1)) return full;
  double low = 1, high = 1;
  std::optional<Arrival> inside;
  while (low > 0 && !inside) {
    high = low;
    low -= 0.05;
    inside = at(low);
  }
  if (!inside) return std::nullopt;
  for (int i = 0; i < 20; ++i) {
    const double middle = (low + high) / 2;
    const auto found = at(middle);
    (found ? low : high) = middle;
    if (found) inside = found;
  }
  return inside;
}

}  // namespace

double projected_solid_angle(const System& system, const Bundle& bundle, int rim_points) {
  std::vector<Vec3<double>> rim;
  for (int i = 0; i < rim_points; ++i)
    if (const auto ray = rim_ray(system, bundle, 2 * M_PI * (i + 0.5) / rim_points))
      rim.push_back(ray->direction);
  double twice = 0;
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const Vec3<double>&a = rim[i], &b = rim[(i + 1) % rim.size()];
    twice += a.x * b.y - a.y * b.x;
  }
  const double index = system.paths[bundle.wavelength()].back().index_before;
  return index * index * std::abs(twice) / 2;
}

}  // namespace lichtbild::optics
