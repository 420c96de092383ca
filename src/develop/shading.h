// Lens shading: the fall-off of light and color to the corners, undone on the mosaic by a
// LensProfile's table, or by the file's own gain maps and radial vignette (DNG 1.4 specification,
// opcodes GainMap and FixVignetteRadial).
#pragma once

#include "core/lens_profile.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Multiplies the mosaic by its gains. With `falloff_kept` > 0 that share (in stops) of the
// brightness fall-off, taken as the mean over the colors, stays; the color of the fall-off is
// always undone. Returns the gain of every 16th sample's brightness, for the noise grows with it:
// an image of a sixteenth of the size, empty when there is nothing to undo.
// The profile, if there is one, takes the place of what the file knows.
Image<float> undo_shading(Image<float>& mosaic, const RawInfo& info, double falloff_kept,
                          const LensProfile* lens = nullptr);

}  // namespace lichtbild
