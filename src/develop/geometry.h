// Geometry: distortion and lateral color of the lens, undone by one resampling per color (DNG
// opcode WarpRectilinear).
#pragma once

#include "core/raw_frame.h"

namespace lichtbild {

// Where the picture's point (x, y) of a color plane lies in the recorded picture; both in samples
// of a width x height active area (DNG 1.4 specification, chapter 7, WarpRectilinear).
struct Point {
  double x = 0, y = 0;
};
Point warped(const RectilinearWarp& warp, int plane, Point p, int width, int height);

// Resamples each plane by Lanczos-3, clamped to the neighbors' range so that edges do not ring.
Image<float> undo_warp(const Image<float>& picture, const RectilinearWarp& warp);

}  // namespace lichtbild
