#include "optics/first_order.h"

#include <cmath>
#include <stdexcept>

namespace lichtbild::optics {
namespace {

std::vector<double> signed_indices(const Path<double>& path) {
  std::vector<double> n{path.empty() ? 1 : path[0].index_before};
  double sign = 1;
  for (const Element<double>& e : path) {
    if (e.reflects) sign = -sign;
    n.push_back(sign * e.index);
  }
  return n;
}

// A linear combination of two rays.
ParaxialRay combine(const ParaxialRay& a, double wa, const ParaxialRay& b, double wb) {
  ParaxialRay sum;
  sum.slope_before = wa * a.slope_before + wb * b.slope_before;
  for (std::size_t i = 0; i < a.height_mm.size(); ++i) {
    sum.height_mm.push_back(wa * a.height_mm[i] + wb * b.height_mm[i]);
    sum.slope.push_back(wa * a.slope[i] + wb * b.slope[i]);
  }
  return sum;
}

double tangent_deg(double angle_deg) { return std::tan(angle_deg * M_PI / 180); }

// Diameter of the entrance pupil; `axial` leaves the object's axial point and is to be scaled.
double entrance_diameter(const FirstOrder& f, const Conjugates& c, const ParaxialRay& axial,
                         double stop_height_per_pupil_height) {
  const double value = c.aperture.value;
  const std::size_t last = axial.slope.size() - 2;  // the last surface before the image
  const double n = std::abs(f.signed_index[last + 1]);
  // Height of `axial` in the entrance pupil.
  const double height = axial.height_mm[0] + f.entrance.position_mm * axial.slope_before;
  switch (c.aperture.kind) {
    case SystemAperture::Kind::f_number:
      return std::abs(f.efl_mm) / value;
    case SystemAperture::Kind::entrance_pupil_diameter_mm:
      return value;
    case SystemAperture::Kind::image_na:
      return std::abs(2 * height * std::tan(std::asin(value / n)) / axial.slope[last]);
    case SystemAperture::Kind::object_na:
      return 2 * std::tan(std::asin(value / std::abs(f.signed_index[0]))) *
             std::abs(c.object_distance_mm + f.entrance.position_mm);
    case SystemAperture::Kind::stop_semi_diameter_mm:
      return std::abs(2 * value / stop_height_per_pupil_height);
  }
  return 0;
}

}  // namespace

ParaxialRay trace_paraxial(const Path<double>& path, double height, double slope) {
  const std::vector<double> n = signed_indices(path);
  ParaxialRay ray;
  ray.slope_before = slope;
  double y = height;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const double c = vertex_curvature(path[i].shape).y;
    slope = (n[i] * slope - y * c * (n[i + 1] - n[i])) / n[i + 1];
    ray.height_mm.push_back(y);
    ray.slope.push_back(slope);
    y += path[i].thickness * slope;
  }
  return ray;
}

FirstOrder first_order(const Path<double>& path, int stop, const Conjugates& conjugates) {
  FirstOrder f;
  f.signed_index = signed_indices(path);
  const int last = int(path.size()) - 2;  // the last surface before the image
  const double n0 = f.signed_index[0], n1 = f.signed_index[last + 1];

  // Two independent rays: parallel to the axis, and from the first vertex.
  const ParaxialRay parallel = trace_paraxial(path, 1, 0), central = trace_paraxial(path, 0, 1);
  const double rear = -1 / parallel.slope[last];  // rear principal plane to rear focal point
  f.efl_mm = rear / std::abs(n1);
  f.bfl_mm = -parallel.height_mm[last] / parallel.slope[last];
  // Light from the front focal point leaves parallel.
  f.ffl_mm = central.slope[last] / parallel.slope[last];
  f.rear_principal_plane_mm = f.bfl_mm - rear;
  f.front_principal_plane_mm = f.ffl_mm + rear * n0 / n1;
  for (int i = 0; i <= last; ++i) {
    f.total_track_mm += path[i].thickness;
    if (i < last) f.overall_length_mm += path[i].thickness;
  }

  // Pupils: images of the stop's center through what stands before and behind it.
  const double y_parallel = parallel.height_mm[stop], y_central = central.height_mm[stop];
  f.entrance.position_mm = y_central == 0 ? 0 : y_central / y_parallel;
  // The chief ray crosses the axis at the entrance pupil with slope one.
  const ParaxialRay through = combine(parallel, -f.entrance.position_mm, central, 1);
  f.exit.position_mm = -through.height_mm[last] / through.slope[last];

  // The marginal ray from the object's axial point, of unit height in the entrance pupil.
  const bool infinite = !std::isfinite(conjugates.object_distance_mm);
  ParaxialRay axial = parallel;
  if (!infinite)
    axial = combine(parallel, conjugates.object_distance_mm, central, 1);
  const double pupil_height = axial.height_mm[0] + f.entrance.position_mm * axial.slope_before;
  axial = combine(axial, 1 / pupil_height, axial, 0);
  f.entrance.diameter_mm = entrance_diameter(f, conjugates, axial, axial.height_mm[stop]);
  if (!(f.entrance.diameter_mm > 0) || !std::isfinite(f.entrance.diameter_mm))
    throw std::domain_error("the aperture can't be filled: the entrance pupil has no size");
  f.marginal = combine(axial, f.entrance.diameter_mm / 2, axial, 0);
  f.exit.diameter_mm =
      2 * std::abs(f.marginal.height_mm[last] + f.exit.position_mm * f.marginal.slope[last]);
  f.paraxial_image_distance_mm = -f.marginal.height_mm[last] / f.marginal.slope[last];
  f.f_number = std::abs(f.efl_mm) / f.entrance.diameter_mm;
  f.paraxial_working_f_number = 1 / (2 * std::abs(n1 * f.marginal.slope[last]));
  f.image_na = std::abs(n1) * std::sin(std::atan(std::abs(f.marginal.slope[last])));
  f.magnification =
      infinite ? 0 : n0 * f.marginal.slope_before / (n1 * f.marginal.slope[last]);

  // The chief ray of the largest field.
  double slope = 0;
  const double to_pupil = conjugates.object_distance_mm + f.entrance.position_mm;
  switch (conjugates.field_kind) {
    case FieldKind::angle_deg:
      slope = tangent_deg(conjugates.largest_field);
      break;
    case FieldKind::object_height_mm:
      slope = -conjugates.largest_field / to_pupil;
      break;
    case FieldKind::paraxial_image_height_mm:
    case FieldKind::real_image_height_mm: {
      const double unit = through.height_mm[last] +
                          f.paraxial_image_distance_mm * through.slope[last];
      slope = conjugates.largest_field / unit;
    }
  }
  f.chief = combine(through, slope, through, 0);
  f.paraxial_image_height_mm =
      f.chief.height_mm[last] + f.paraxial_image_distance_mm * f.chief.slope[last];
  f.lagrange_invariant = n0 * f.entrance.diameter_mm / 2 * slope;
  return f;
}

}  // namespace lichtbild::optics
