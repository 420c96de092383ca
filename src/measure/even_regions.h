// Even regions: compact parts of a picture without edges in them, as patches of charts are.
#pragma once

#include <vector>

#include "core/image.h"
#include "measure/homography.h"

namespace lichtbild {

struct EvenRegion {
  Point middle;
  double area = 0;
};

// Of `picture`, whose samples are square roots of light (noise is about as large everywhere): where
// no plane changes by more than `change` from pixel to pixel. At least 20 pixels, at most a
// twentieth of the picture; filling their ellipse of inertia as
// parallelograms do, not longer than three times their width.
std::vector<EvenRegion> even_regions(const Image<float>& picture, float change);

}  // namespace lichtbild
