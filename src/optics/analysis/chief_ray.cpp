#include "optics/analysis/chief_ray.h"

#include <cmath>

namespace lichtbild::optics {
namespace {

// Unit vector from the axis towards the field, in the object's sense.
struct Axis {
  double x, y;
};
Axis field_axis(const Field& field) {
  const double length = std::hypot(field.x, field.y);
  return length == 0 ? Axis{0, 1} : Axis{field.x / length, field.y / length};
}

}  // namespace

std::optional<ChiefRays> chief_rays(const System& system, const Field& field) {
  ChiefRays chiefs;
  for (int w = 0; w < int(system.paths.size()); ++w) {
    const Bundle bundle(system, field, w);
    const auto ray = bundle.launch({});
    if (!ray) return std::nullopt;
    const auto arrival = arrive(system, w, *ray, false);
    if (!arrival) return std::nullopt;
    chiefs.own.push_back(*arrival);
  }
  chiefs.reference = chiefs.own[system.reference()];
  return chiefs;
}

double image_height_mm(const Arrival& chief, const Field& field) {
  const Axis axis = field_axis(field);
  return axis.x * chief.position.x + axis.y * chief.position.y;
}

double chief_ray_angle_deg(const Arrival& chief) {
  const Vec3<double>& d = chief.direction;
  return std::atan2(std::hypot(d.x, d.y), std::abs(d.z)) * 180 / M_PI;
}

double lateral_color_um(const ChiefRays& chiefs, const Field& field, int wavelength) {
  return (image_height_mm(chiefs.own[wavelength], field) -
          image_height_mm(chiefs.reference, field)) *
         1000;
}

double distortion_percent(const System& system, const Field& field, const Arrival& chief) {
  const Field at = resolved(system, field);
  if (at.x == 0 && at.y == 0) return 0;
  const Path<double>& path = system.path();
  const FirstOrder& f = system.paraxial();
  // The paraxial chief ray of this field, by proportion.
  double share;
  const double largest = largest_field(system.lens);
  if (system.object_at_infinity()) {
    const double tangent = std::hypot(std::tan(at.x * M_PI / 180), std::tan(at.y * M_PI / 180));
    share = tangent / std::abs(f.chief.slope_before);
  } else if (system.lens.field_kind == FieldKind::angle_deg) {
    share = std::hypot(std::tan(at.x * M_PI / 180), std::tan(at.y * M_PI / 180)) /
            std::tan(largest * M_PI / 180);
  } else {
    share = std::hypot(field.x, field.y) / largest;
  }
  // From the paraxial image plane to the image surface along the real chief ray.
  const double shift =
      path[path.size() - 2].thickness + chief.position.z - f.paraxial_image_distance_mm;
  const double real = image_height_mm(chief, field);
  const double slope = image_height_mm({chief.direction, {}, 0}, field) / chief.direction.z;
  const double sign = real < 0 ? -1 : 1;
  const double paraxial = share * std::abs(f.paraxial_image_height_mm) + sign * shift * slope;
  return (sign * real / paraxial - 1) * 100;
}

std::optional<Foci> parabasal_foci(const System& system, const Bundle& bundle) {
  constexpr double h = 1e-4;
  const Axis axis = field_axis(bundle.field());
  const auto at = [&](double along, double across) {
    const auto ray =
        bundle.launch({along * axis.x - across * axis.y, along * axis.y + across * axis.x});
    return ray ? arrive(system, bundle.wavelength(), *ray, false) : std::nullopt;
  };
  const auto up = at(h, 0), down = at(-h, 0), left = at(0, h), right = at(0, -h);
  if (!up || !down || !left || !right) return std::nullopt;
  // Two rays cross, seen along the direction e, where their separation vanishes.
  const auto crossing = [](const Arrival& a, const Arrival& b, double ex, double ey) {
    // Both are taken to the plane of a's z.
    const double back = (a.position.z - b.position.z) / b.direction.z;
    const double apart = ex * (a.position.x - b.position.x - back * b.direction.x) +
                         ey * (a.position.y - b.position.y - back * b.direction.y);
    const double closing = ex * (a.direction.x / a.direction.z - b.direction.x / b.direction.z) +
                           ey * (a.direction.y / a.direction.z - b.direction.y / b.direction.z);
    return -apart / closing;
  };
  return Foci{crossing(*up, *down, axis.x, axis.y), crossing(*left, *right, -axis.y, axis.x)};
}

}  // namespace lichtbild::optics
