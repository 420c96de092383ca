#include "optics/clear_radii.h"

#include <algorithm>
#include <cmath>

#include "optics/aim.h"

namespace lichtbild::optics {
namespace {

constexpr double allowed_share = 0.02, allowed_least_mm = 0.02;
constexpr int directions = 24, steps = 10;
// Other wavelengths and rays between those that were tried.
constexpr double margin = 1.005;

using Hits = std::vector<Hit<double>>;

double apart(const Hits& a, const Hits& b) {
  const Vec3<double> d = a.back().position - b.back().position;
  return std::hypot(d.x, d.y);
}

// The rays along one direction in the pupil, from the chief ray outwards, as long as they land near
// it.
void widen(const System& system, const Bundle& bundle, const Hits& chief, double angle,
           double allowed, std::vector<double>& radii) {
  Hits hits;
  for (int i = 1; i <= steps; ++i) {
    const double r = double(i) / steps;
    const auto ray = bundle.launch({r * std::cos(angle), r * std::sin(angle)});
    if (!ray || trace(system.path(), *ray, &hits).status != RayStatus::ok) return;
    if (apart(hits, chief) > allowed) return;
    for (std::size_t k = 0; k < hits.size(); ++k)
      radii[k] = std::max(radii[k], std::hypot(hits[k].position.x, hits[k].position.y));
  }
}

}  // namespace

bool gives_clear_radii(const Lens& lens) {
  return std::ranges::all_of(lens.surfaces, [](const Surface& s) {
    return s.stop || s.semi_diameter_mm || s.aperture || shape_of(s.shape).is_plane();
  });
}

std::vector<double> clear_radii(const System& system) {
  const Path<double>& path = system.path();
  std::vector<double> radii(path.size(), 0);
  const double allowed = std::max(
      allowed_least_mm, allowed_share * std::abs(system.paraxial().paraxial_image_height_mm));
  for (const Field& field : system.lens.fields) {
    const Bundle bundle(system, field, system.reference());
    const auto ray = bundle.launch({});
    Hits chief;
    if (!ray || trace(path, *ray, &chief).status != RayStatus::ok) continue;
    for (int i = 0; i < directions; ++i)
      widen(system, bundle, chief, 2 * M_PI * i / directions, allowed, radii);
  }
  for (int i = 0; i < int(path.size()); ++i) {
    if (path[i].is_break) radii[i] = 0;
    if (system.surface(i).semi_diameter_mm) radii[i] = *system.surface(i).semi_diameter_mm;
  }
  return radii;
}

System with_clear_radii(const System& system) {
  System clipped = system;
  const std::vector<double> radii = clear_radii(system);
  for (Path<double>& path : clipped.paths)
    for (int i = 0; i < system.image(); ++i)
      if (i != system.stop && path[i].clear_radius_mm == 0)
        path[i].clear_radius_mm = margin * radii[i];
  return clipped;
}

}  // namespace lichtbild::optics
