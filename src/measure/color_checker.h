// ColorChecker: the classic chart of 6 x 4 patches, found in a picture at any scale, rotation and
// perspective, and how far its colors are from what they should be.
//
// Even regions are gathered into lattices; where a lattice may hold the chart, 24 places are looked
// at, in four orientations. The right one is that whose colors a 3x3 matrix and an offset turn
// into the chart's best: so that it works before white balance and for a camera's own colors too.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/image.h"
#include "core/matrix.h"
#include "measure/homography.h"

namespace lichtbild {

inline constexpr int checker_columns = 6, checker_rows = 4, checker_patches = 24;
using PatchColors = std::array<Vector3, checker_patches>;  // row by row: dark skin ... black

struct FoundChecker {
  Matrix3 picture_from_chart;  // (0, 0): the middle of dark skin, (5, 3): of black
  PatchColors mean{};          // over the middle half of each patch
  PatchColors deviation{};     // standard, of a pixel
  double likeness = 0;         // share of the variance of XYZ that matrix and offset explain
  int regions = 0;             // of the 24 patches seen as even regions of their own
};

// `picture`: linear, three planes. `xyz`: the chart's colors, under any light of daylight's kind.
// Throws Error{path, ...} that says what was seen instead.
FoundChecker find_color_checker(const Image<float>& picture, const PatchColors& xyz,
                                const std::string& path);

struct ColorErrors {
  std::array<double, checker_patches> delta_e{};  // CIEDE2000
  double mean = 0, max = 0;
  double exposure_stops =
      0;                    // the picture is brighter than the chart by so much; taken away before
  double white_chroma = 0;  // CIE ab distance of the gray patches (2 to 5 of the last row), mean
};

// Colors as XYZ relative to the white of `white`, 1 = perfect diffuser. The exposure is the one
// with the least mean difference.
ColorErrors color_errors(const PatchColors& measured_xyz, const PatchColors& reference_xyz,
                         const Vector3& white);

}  // namespace lichtbild
