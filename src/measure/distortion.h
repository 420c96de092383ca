// Distortion: how far a photographed grid of dark lines on white is from a grid.
//
// Crossings are found as the darkest places of the blurred picture that stand in rows and columns.
// Each is measured per channel where straight lines through its four arms meet; an arm's place is
// the centroid of what is darker than the ground on its two sides. Mosaics count at their samples'
// true places.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/image.h"
#include "measure/channel.h"
#include "measure/homography.h"

namespace lichtbild {

struct GridCrossing {
  int column = 0, row = 0;
  std::array<Point, 3> place{};  // of each channel, pixels
};

struct Deviation {
  double rms_px = 0, max_px = 0;  // of distances
};

struct GridDistortion {
  std::vector<GridCrossing> crossings;
  // Of green (or gray) against the best-fitting grid seen by a pinhole (a homography).
  Deviation from_grid;
  Matrix3 picture_from_grid;
  // Lateral color: red and blue against green; zero for gray pictures.
  Deviation red_from_green, blue_from_green;
};

// Throws Error{path, ...} that says what was seen when there is no grid of 20 crossings or more.
GridDistortion grid_distortion(const Image<float>& picture, std::span<const Channel> channels,
                               const std::string& path);

}  // namespace lichtbild
