// oriented(image, orientation): the picture turned upright according to EXIF's Orientation (1..8,
// CIPA DC-008 4.6.5.1).
//
// Planar pictures have one sample a pixel and turn plane by plane; interleaved ones (Rendition)
// have three samples a pixel in one plane. Orientations 5..8 exchange width and height. A value
// outside 1..8 is taken for 1.
#pragma once

#include <cstdint>

#include "core/half.h"
#include "core/image.h"

namespace lichtbild {

// Sample types: uint8_t, uint16_t, float, Half.
template <class T>
Image<T> oriented(const Image<T>& image, int orientation, int samples_per_pixel);

// Where an upright picture's pixel lay in the picture of width x height before it was turned.
struct PixelPlace {
  int x = 0, y = 0;
};
PixelPlace place_before_turning(PixelPlace upright, int orientation, int width, int height);

}  // namespace lichtbild
