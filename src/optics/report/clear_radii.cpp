#include "optics/report/clear_radii.h"

#include <cmath>

#include "optics/clear_radii.h"

namespace lichtbild::optics::report {
namespace {

constexpr int bisections = 14;

// Where no ray arrives at all: the paraxial ones.
double paraxial_radius(const FirstOrder& f, int surface) {
  const auto height = [surface](const ParaxialRay& ray) {
    return surface < int(ray.height_mm.size()) ? std::abs(ray.height_mm[surface]) : 0;
  };
  return height(f.marginal) + height(f.chief);
}

}  // namespace

std::optional<Hits> arriving(const System& system, const Bundle& bundle, PupilPoint pupil) {
  const auto ray = bundle.launch(pupil);
  Hits hits;
  if (!ray || trace(system.path(), *ray, &hits).status != RayStatus::ok) return std::nullopt;
  return hits;
}

double open_pupil(const System& system, const Bundle& bundle, PupilPoint direction) {
  const auto passes_at = [&](double share) {
    return arriving(system, bundle, {share * direction.x, share * direction.y}).has_value();
  };
  double open = 1, shut = 1;
  while (open > 0 && !passes_at(open)) {
    shut = open;
    open = open > 0.06 ? open - 0.05 : 0;
  }
  for (int i = 0; i < bisections && open > 0 && shut > open; ++i) {
    const double middle = (open + shut) / 2;
    (passes_at(middle) ? open : shut) = middle;
  }
  return open;
}

std::vector<ClearRadius> drawn_radii(const System& system) {
  const std::vector<double> needed = optics::clear_radii(system);
  std::vector<ClearRadius> radii;
  for (int i = 0; i <= system.image(); ++i) {
    const Surface& surface = system.surface(i);
    if (surface.coordinate_break)
      radii.push_back({});
    else if (surface.semi_diameter_mm && i != system.stop)
      radii.push_back({*surface.semi_diameter_mm, true});
    else
      radii.push_back({needed[i] > 0 ? needed[i] : paraxial_radius(system.paraxial(), i), false});
  }
  return radii;
}

}  // namespace lichtbild::optics::report
