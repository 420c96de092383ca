// fit_matrix: 3x3 matrices that take camera values nearest to colors, white kept.
#pragma once

#include <span>

#include "core/matrix.h"

namespace lichtbild {

// Colors in one light: balanced camera values (white is 1, 1, 1), and the XYZ that are wanted.
struct ColorSet {
  std::span<const Vector3> balanced, xyz;
  // The matrix of this light is the sum of the matrices times these shares.
  std::span<const double> shares;
  double weight = 1;
};

// Of all matrices that take 1, 1, 1 to `white_xyz` the one of least mean CIEDE2000 between what it
// makes of `balanced` and `xyz`, relative to that white.
Matrix3 fit_matrix(std::span<const Vector3> balanced, std::span<const Vector3> xyz,
                   const Vector3& white_xyz);

// Several at once, for the least weighted sum of the sets' means. They start as they are, each
// taking 1, 1, 1 to `white_xyz`, and go down by BFGS (Ceres).
void refine_matrices(std::span<Matrix3> matrices, std::span<const ColorSet> sets,
                     const Vector3& white_xyz);

}  // namespace lichtbild
