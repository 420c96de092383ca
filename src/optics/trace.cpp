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
