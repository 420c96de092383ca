// depth: how far each point of a scene is from the camera, along the axis.
#pragma once

#include <optional>
#include <string>

#include "core/image.h"
#include "core/paint_grid.h"

namespace lichtbild {

// What the smallest and the largest code value of a picture of distances mean; between them the
// distance itself grows evenly.
struct DepthRange {
  double nearest_m = 0, farthest_m = 0;
};

// One plane, in mm. An EXR holds meters in its channel Z (or depth, or Y), infinite and NaN for
// what is endlessly far; any other picture needs a range. Throws Error: no range, a range that does
// not grow, distances that are not above 0.
Image<float> read_depth(const std::string& path, const std::optional<DepthRange>& range);

// On the cells of a scene that covers the grid's frame (paint()): each cell that of the nearest
// sample, for a mean of near and far would be neither.
Image<float> depth_on(const Image<float>& depth, const PaintGrid& grid);

}  // namespace lichtbild
