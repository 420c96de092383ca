// Layout: the section y-z of a lens, to scale, with the rays of the axis, 0.7 and the full field.
//
// z points to the right, y up. Bodies are glass between consecutive refracting surfaces; their
// edges run from clear radius to clear radius, squared where there is room. Every surface is a path
// of class "surface" with its number as `data-surface`; the root carries `data-px-per-mm`, and
// `data-origin-x`, `data-origin-y`: where the first vertex is.
#pragma once

#include <string>

#include "optics/system.h"

namespace lichtbild::optics {

struct LayoutOptions {
  double width_px = 684, largest_height_px = 360;
};

std::string layout_svg(const System& system, const LayoutOptions& options = {});

}  // namespace lichtbild::optics
