// paint_image: a picture's light, resampled onto the cells.
#pragma once

#include "core/half.h"
#include "core/image.h"
#include "core/paint_grid.h"

namespace lichtbild {

// `light`: three planes of what the responses see. It covers the grid's frame and goes on beyond it
// as at its border. Lanczos-3 where cells are finer than the picture, held between their neighbors
// so that bright edges do not ring, and widened to the cells where they are coarser; never
// negative.
Image<Half> paint_image(const Image<float>& light, const PaintGrid& grid);

}  // namespace lichtbild
