// Channel: which samples of a picture, or of a mosaic, belong to one color.
//
// Pixel (x, y) is the square around the point (x, y): places are in pixels, integers at the middles
// of pixels, whatever the channel's spacing.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/raw_frame.h"

namespace lichtbild {

// The samples at (phase.x + step i, phase.y + step j) of a plane, for each phase.
struct Channel {
  std::string name;
  int plane = 0, step = 1;
  std::vector<std::array<int, 2>> phases{{0, 0}};
};

std::vector<Channel> channels_of(const Image<float>& picture);  // gray; or red, green, blue
std::vector<Channel> channels_of(const Cfa& cfa);               // red, green, blue, 2x2 mosaic

// A picture to find things in: the mean of all channels over cells of `cell` x `cell` pixels.
struct GrayCells {
  Image<float> value;
  int cell = 1;

  double pixel(double place) const { return (place + 0.5) * cell - 0.5; }  // of a place in cells
  double place(double pixel) const { return (pixel + 0.5) / cell - 0.5; }
};
// `cell` must be even for mosaics. Pixels that fill no cell are left out.
GrayCells gray_cells(const Image<float>& picture, int cell);

// Convolved with a Gaussian of `sigma` pixels, borders repeated.
Image<float> gaussian_blurred(const Image<float>& plane, double sigma);

}  // namespace lichtbild
