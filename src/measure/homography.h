// Homography: how a plane is seen by a pinhole, fitted to points.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/matrix.h"

namespace lichtbild {

using Point = std::array<double, 2>;

inline Point seen(const Matrix3& h, const Point& p) {
  const Vector3 v = h * Vector3{p[0], p[1], 1};
  return {v[0] / v[2], v[1] / v[2]};
}

// The one with the least sum of squared distances of seen(h, from[i]) to to[i], by linear fits in
// scaled coordinates (Hartley 1997) that are weighted anew by depth. Nothing for fewer than 4
// points or points of a line.
std::optional<Matrix3> fitted_homography(const std::vector<Point>& from,
                                         const std::vector<Point>& to);

}  // namespace lichtbild
