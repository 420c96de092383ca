#include "optics/aim.h"

#include <algorithm>
#include <cmath>

namespace lichtbild::optics {
namespace {

constexpr double radians = M_PI / 180;

// Aimed rays are right to this fraction of the stop's radius.
constexpr double aim_tolerance = 1e-11;

Field scaled(Field field, double share) {
  field.x *= share;
  field.y *= share;
  return field;
}

}  // namespace

double largest_field(const Lens& lens) {
  double largest = 0;
  for (const Field& f : lens.fields) largest = std::max(largest, std::hypot(f.x, f.y));
  return largest;
}

Field field_at(const Lens& lens, double share) {
  const auto size = [](const Field& f) { return std::hypot(f.x, f.y); };
  return scaled(
      *std::max_element(lens.fields.begin(), lens.fields.end(),
                        [&](const Field& a, const Field& b) { return size(a) < size(b); }),
      share);
}

Field resolved(const System& system, const Field& field) {
  const Lens& lens = system.lens;
  if (lens.field_kind == FieldKind::angle_deg || lens.field_kind == FieldKind::object_height_mm)
    return field;
  // Image heights: by the paraxial chief ray, whose slope per height is known.
  const FirstOrder& f = system.paraxial();
  const double unit =
      f.paraxial_image_height_mm == 0 ? 0 : f.chief.slope_before / f.paraxial_image_height_mm;
  Field out = field;
  if (system.object_at_infinity()) {
    out.x = std::atan(unit * field.x) / radians;
    out.y = std::atan(unit * field.y) / radians;
  } else {
    const double to_pupil = lens.object_distance_mm + f.entrance.position_mm;
    out.x = -unit * field.x * to_pupil;
    out.y = -unit * field.y * to_pupil;
  }
  if (lens.field_kind == FieldKind::paraxial_image_height_mm) return out;

  // Real image heights: the field is scaled until the chief ray arrives there.
  const double wanted = std::hypot(field.x, field.y);
  if (wanted == 0) return out;
  System angles = system;
  angles.lens.field_kind =
      system.object_at_infinity() ? FieldKind::angle_deg : FieldKind::object_height_mm;
  double low = 0, low_height = 0, share = 1;
  for (int i = 0; i < 40; ++i) {
    const Bundle bundle(angles, scaled(out, share), system.reference());
    const auto ray = bundle.launch({});
    Traced<double> end;
    if (ray) end = trace(system.path(), *ray, nullptr, {.clip = false});
    if (!ray || end.status != RayStatus::ok) {
      share = (low + share) / 2;
      continue;
    }
    const double height = std::hypot(end.ray.position.x, end.ray.position.y);
    if (std::abs(height - wanted) < 1e-10 * wanted) break;
    const double slope = (height - low_height) / (share - low);
    low = share;
    low_height = height;
    share += (wanted - height) / slope;
  }
  return scaled(out, share);
}

Bundle::Bundle(const System& system, const Field& field, int wavelength, Aiming aiming)
    : system_(&system),
      field_(resolved(system, field)),
      wavelength_(wavelength),
      aiming_(aiming),
      pupil_radius_mm_(system.paraxial().entrance.diameter_mm / 2) {
  // The stop's radius: as given, or where the real axial marginal ray meets it.
  if (system.lens.aperture.kind == SystemAperture::Kind::stop_semi_diameter_mm) {
    stop_radius_mm_ = system.lens.aperture.value;
    found_ = aiming == Aiming::paraxial || find_chief();
    return;
  }
  Field axis;
  const auto edge = stop_point(axis, {0, pupil_radius_mm_});
  const FirstOrder& f = system.paraxial();
  stop_radius_mm_ =
      edge ? std::hypot(edge->x, edge->y) : std::abs(f.marginal.height_mm[system.stop]);
  found_ = aiming == Aiming::paraxial || find_chief();
}

Ray<double> Bundle::ray_from(const Field& field, Point start) const {
  const double pupil = system_->paraxial().entrance.position_mm;
  const Vec3<double> at{start.x, start.y, pupil};
  const Lens& lens = system_->lens;
  const bool angles = lens.field_kind != FieldKind::object_height_mm &&
                      (lens.field_kind == FieldKind::angle_deg || system_->object_at_infinity());
  if (system_->object_at_infinity()) {
    Vec3<double> d{std::tan(field.x * radians), std::tan(field.y * radians), 1};
    // Beyond 90 degrees the tangent turns round: not supported.
    d = (1 / std::sqrt(dot(d, d))) * d;
    return {at - dot(at, d) * d, d};
  }
  Vec3<double> object{field.x, field.y, -lens.object_distance_mm};
  if (angles) {
    const double to_pupil = lens.object_distance_mm + pupil;
    object.x = -std::tan(field.x * radians) * to_pupil;
    object.y = -std::tan(field.y * radians) * to_pupil;
  }
  Vec3<double> d = at - object;
  const double length = std::sqrt(dot(d, d));
  return {object, (d.z < 0 ? -1 / length : 1 / length) * d};
}

std::optional<Bundle::Point> Bundle::stop_point(const Field& field, Point start) const {
  const auto end = trace(system_->paths[wavelength_], ray_from(field, start), nullptr,
                         {.clip = false, .last = system_->stop});
  if (end.status != RayStatus::ok) return std::nullopt;
  return Point{end.ray.position.x, end.ray.position.y};
}

// Newton with Broyden's update of the inverse Jacobian, damped where rays are lost.
std::optional<Bundle::Point> Bundle::aim(const Field& field, Point target, Point guess) const {
  auto at = stop_point(field, guess);
  if (!at) return std::nullopt;
  double b[4] = {inverse_[0], inverse_[1], inverse_[2], inverse_[3]};
  for (int i = 0; i < 40; ++i) {
    const double ex = at->x - target.x, ey = at->y - target.y;
    if (std::hypot(ex, ey) <= aim_tolerance * stop_radius_mm_) return guess;
    double sx = -(b[0] * ex + b[1] * ey), sy = -(b[2] * ex + b[3] * ey);
    std::optional<Point> next;
    for (int halving = 0; halving < 12 && !next; ++halving) {
      next = stop_point(field, {guess.x + sx, guess.y + sy});
      if (next && std::hypot(next->x - target.x, next->y - target.y) > 2 * std::hypot(ex, ey))
        next.reset();
      if (!next) sx /= 2, sy /= 2;
    }
    if (!next) return std::nullopt;
    // B += (s - B y) s^T B / (s^T B y).
    const double yx = next->x - at->x, yy = next->y - at->y;
    const double byx = b[0] * yx + b[1] * yy, byy = b[2] * yx + b[3] * yy;
    const double below = sx * byx + sy * byy;
    if (below != 0) {
      const double rx = sx * b[0] + sy * b[2], ry = sx * b[1] + sy * b[3];
      const double ux = (sx - byx) / below, uy = (sy - byy) / below;
      b[0] += ux * rx;
      b[1] += ux * ry;
      b[2] += uy * rx;
      b[3] += uy * ry;
    }
    guess = {guess.x + sx, guess.y + sy};
    at = next;
    if (std::hypot(sx, sy) < 1e-15 * (pupil_radius_mm_ + std::hypot(guess.x, guess.y))) {
      const double miss = std::hypot(at->x - target.x, at->y - target.y);
      if (miss < 1e-8 * stop_radius_mm_) return guess;
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// Follows the chief ray from the axis to the field.
bool Bundle::find_chief() {
  const auto derivative = [this](const Field& field, Point start) {
    const double h = 1e-4 * pupil_radius_mm_;
    const auto right = stop_point(field, {start.x + h, start.y});
    const auto left = stop_point(field, {start.x - h, start.y});
    const auto up = stop_point(field, {start.x, start.y + h});
    const auto down = stop_point(field, {start.x, start.y - h});
    if (!right || !left || !up || !down) return false;
    const double a = (right->x - left->x) / (2 * h), b = (up->x - down->x) / (2 * h);
    const double c = (right->y - left->y) / (2 * h), d = (up->y - down->y) / (2 * h);
    const double determinant = a * d - b * c;
    if (determinant == 0) return false;
    inverse_[0] = d / determinant;
    inverse_[1] = -b / determinant;
    inverse_[2] = -c / determinant;
    inverse_[3] = a / determinant;
    return true;
  };
  Point chief, before;
  if (!derivative(scaled(field_, 0), chief)) return false;
  double share = 0, share_before = 0, step = 0.25;
  while (share < 1) {
    const double next = std::min(1.0, share + step);
    // Linear extrapolation from the last two fields.
    const double ahead = share > share_before ? (next - share) / (share - share_before) : 0;
    const Point guess{chief.x + ahead * (chief.x - before.x),
                      chief.y + ahead * (chief.y - before.y)};
    const Field field = scaled(field_, next);
    auto found = aim(field, {}, guess);
    if (!found) found = aim(field, {}, chief);
    if (!found || !derivative(field, *found)) {
      step /= 2;
      if (step < 1e-4) return false;
      continue;
    }
    before = chief;
    share_before = share;
    chief = *found;
    share = next;
  }
  chief_ = chief;
  return derivative(field_, chief_);
}

Bundle::Point Bundle::vignetted(PupilPoint p) const {
  return {field_.vdx + p.x * (1 - field_.vcx), field_.vdy + p.y * (1 - field_.vcy)};
}

std::optional<Ray<double>> Bundle::launch(PupilPoint pupil) const {
  if (!found_) return std::nullopt;
  const Point p = vignetted(pupil);
  if (aiming_ == Aiming::paraxial)
    return ray_from(field_, {p.x * pupil_radius_mm_, p.y * pupil_radius_mm_});
  if (aiming_ == Aiming::chief)
    return ray_from(field_, {chief_.x + p.x * pupil_radius_mm_, chief_.y + p.y * pupil_radius_mm_});
  const Point target{p.x * stop_radius_mm_, p.y * stop_radius_mm_};
  const Point guess{chief_.x + inverse_[0] * target.x + inverse_[1] * target.y,
                    chief_.y + inverse_[2] * target.x + inverse_[3] * target.y};
  auto start = aim(field_, target, guess);
  // Far from the chief ray the linear guess may be lost: approach in steps.
  Point near = chief_;
  for (double share = 0.25; !start && share <= 1; share += 0.25) {
    const Point part{target.x * share, target.y * share};
    const auto next = aim(field_, part, near);
    if (!next) break;
    near = *next;
    if (share == 1) start = next;
  }
  if (!start) return std::nullopt;
  return ray_from(field_, *start);
}

void Bundle::fit_map() {
  if (!found_) return;
  // Points on rings up to the rim; rays that can't be aimed are left out.
  std::vector<PupilPoint> points;
  std::vector<Point> starts;
  const double pupil = system_->paraxial().entrance.position_mm;
  for (int ring = 0; ring <= 9; ++ring) {
    const int count = ring == 0 ? 1 : 6 + 3 * ring;
    for (int i = 0; i < count; ++i) {
      const double angle = 2 * M_PI * (i + 0.25 * (ring % 2)) / count;
      const double radius = std::sin(M_PI / 2 * ring / 9);
      const PupilPoint p{radius * std::cos(angle), radius * std::sin(angle)};
      const auto ray = launch(p);
      if (!ray) continue;
      const double t = (pupil - ray->position.z) / ray->direction.z;
      points.push_back(p);
      starts.push_back(
          {ray->position.x + t * ray->direction.x, ray->position.y + t * ray->direction.y});
    }
  }
  if (int(points.size()) < PlanePolynomial::terms) {
    found_ = false;
    return;
  }
  map_ = PlanePolynomial(points, starts);
}

Ray<double> Bundle::launch_by_map(PupilPoint pupil) const { return ray_from(field_, map_(pupil)); }

}  // namespace lichtbild::optics
