// Lengths of files in other units than millimeters.
#pragma once

#include <cmath>

namespace lichtbild::optics {

// A coefficient of r^power in units of `unit_mm`, in mm^(1 - power).
inline double coefficient_in_mm(double coefficient, double unit_mm, int power) {
  return unit_mm == 1 ? coefficient : coefficient * std::pow(unit_mm, 1 - power);
}

}  // namespace lichtbild::optics
