// defocus: a scene with depth, seen by a lens that is focused at one distance.
//
// A point at the distance s lights a disk of the diameter pupil x F |1/s - 1/s0| around its place,
// where s0 is the distance in focus and F = f s0 / (s0 - f), the distance behind the lens
// (geometric optics of a thin lens). The lens's own blur, which the profile has for s0, comes after
// it. What stands in front covers what is behind; see docs/decisions/008-defocus.md.
#pragma once

#include "core/half.h"
#include "core/image.h"
#include "core/lens_profile.h"
#include "core/paint_grid.h"

namespace lichtbild {

// Radius in pixels, positive for what is nearer than the focus (profile.object_distance_mm).
double defocus_radius_px(const LensProfile& lens, double distance_mm);

// `ideal`: three planes of light; `distance_mm`: one plane, above 0, may be infinite; both on the
// grid's cells.
Image<Half> defocused(const Image<Half>& ideal, const Image<float>& distance_mm,
                      const PaintGrid& grid, const LensProfile& lens);

}  // namespace lichtbild
