// optical_image: the picture that a lens throws on the sensor, before a photon is counted.
//
//   painted scene (ideal, on cells) -> blurred by lens and pixel -> looked up where each pixel
//   looks, moved by the hand, over the exposure -> shading of lens and microlenses -> light of each
//   pixel
//
// Everything comes from the LensProfile. The blur is applied in the ideal picture, with kernels
// that the local magnification has been taken out of: a burst is blurred once, each of its frames
// only looked up. Channels, not wavelengths: a channel's kernel is that of its band (decision 006).
#pragma once

#include <span>

#include "core/camera_pose.h"
#include "core/half.h"
#include "core/image.h"
#include "core/lens_profile.h"
#include "core/paint_grid.h"
#include "core/raw_frame.h"

namespace lichtbild {

// The grid that covers what the sensor sees through the lens, two cells to a pixel, with
// `margin_px` around it for the hand's movements.
PaintGrid grid_of(const LensProfile& lens, double margin_px);

// Three planes, each channel convolved with the lens's kernels and the pixel's own square, in place
// of the ideal ones' values. Frequencies up to the pixel's Nyquist frequency to 1 %.
Image<Half> blurred(Image<Half> ideal, const PaintGrid& grid, const LensProfile& lens);

struct Exposure {
  Cfa cfa;
  std::span<const CameraPose> path;  // moments of equal length; one for a camera that stands still
  double object_distance_mm = 0;  // how far the scene is; infinite or 0: the hand's shift is lost
};

// The mosaic: each pixel's light in the units of the painted scene, times the shading.
Image<float> pixel_light(const Image<Half>& blurred, const PaintGrid& grid, const LensProfile& lens,
                         const Exposure& exposure);

}  // namespace lichtbild
