// Axes of surfaces that are moved: rotations of a Placement, and where every surface stands.
#pragma once

#include <vector>

#include "optics/lens.h"
#include "optics/trace.h"

namespace lichtbild::optics {

// Columns: the moved axes in the fixed ones. Tilts about the new x, y, z in turn (z, y, x if
// tilt_first); signs as in lens.h.
Rotation<double> rotation(const Placement& placement);

// Fills the axes of `element` from a surface's placement.
void place(Element<double>& element, const Placement& placement);

struct Frame {
  Vec3<double> origin;        // of the surface's vertex, in the first surface's running axes
  Rotation<double> rotation;  // columns: the surface's axes

  Vec3<double> to_global(const Vec3<double>& local) const {
    return origin + rotation.to_fixed(local);
  }
};

// The frame of every element of a path.
std::vector<Frame> frames(const Path<double>& path);

}  // namespace lichtbild::optics
