#include "optics/trace.h"

namespace lichtbild::optics {

const char* name(RayStatus status) {
  switch (status) {
    case RayStatus::ok:
      return "ok";
    case RayStatus::missed:
      return "missed";
    case RayStatus::total_reflection:
      return "total_reflection";
    case RayStatus::clipped:
      return "clipped";
    case RayStatus::not_converged:
      return "not_converged";
  }
  return "";
}

Slopes slopes_of(const ShapeOf<double>& shape) {
  Slopes slopes;
  if (!shape.is_rotational() || shape.form == Form::conic) return slopes;
  constexpr double least_mm = 1e-3, most_mm = 1e4, growth = 1.02;
  const auto note = [](double slope, double before_mm, Slopes::Levels& radii) {
    for (int i = 0; i < Slopes::levels; ++i)
      if (!(slope <= Slopes::slope[i])) radii[i] = std::min(radii[i], before_mm);
  };
  for (double r = least_mm; r < most_mm; r *= growth) {
    const double slope = sag(shape, r, 0.0).dx;
    note(slope, r / growth, slopes.rising);
    note(-slope, r / growth, slopes.falling);
  }
  return slopes;
}

bool passes(const ClearAperture& aperture, double x, double y) {
  x -= aperture.decenter_x_mm;
  y -= aperture.decenter_y_mm;
  if (const auto* circle = std::get_if<CircularAperture>(&aperture.outline)) {
    const double r2 = x * x + y * y;
    return r2 >= circle->inner_mm * circle->inner_mm && r2 <= circle->outer_mm * circle->outer_mm;
  }
  const auto& rectangle = std::get<RectangularAperture>(aperture.outline);
  const bool inside =
      std::abs(x) <= rectangle.half_width_mm && std::abs(y) <= rectangle.half_height_mm;
  return inside != rectangle.obscures;
}

}  // namespace lichtbild::optics
