// align: the motion of a frame against the reference, as a smooth field of sub-pixel shifts.
//
// Coarse to fine on pyramids of the gray picture (each level half the one below, 16 x 16 tiles at
// each): integer search at the coarse levels, then Lucas-Kanade steps, with the gradients' own
// noise taken out of the structure tensor. Between levels the field is the maximum of a Gaussian
// Markov random field: a tile's own estimate counts by its structure tensor over the noise variance
// - its inverse covariance - and neighbors pull on each other, less so the more they disagree. Flat
// or repetitive tiles therefore follow their surroundings, and a moving object keeps its own
// motion. (Lucas and Kanade 1981; Hasinoff et al. 2016, section 4; Wronski et al. 2019,
// section 5.1)
#pragma once

#include <vector>

#include "core/image.h"

namespace lichtbild {

inline constexpr int align_tile = 16;  // gray pixels

// Gray levels from fine (level 0: one pixel per 2x2 quad of the mosaic, their mean) to coarse.
struct GrayPyramid {
  std::vector<Image<float>> levels;
};
GrayPyramid gray_pyramid(const Image<float>& mosaic, float gain = 1);

// Shifts in gray pixels of level 0, one per tile: reference(x, y) lies at frame(x + u, y + v). Tile
// (i, j) is centered at (i + 0.5, j + 0.5) * align_tile.
struct MotionField {
  Image<float> u, v;
};

// A field at (x, y) in units of its grid: bilinear between points, constant beyond the outermost.
float sample_grid(const Image<float>& grid, float x, float y);

// `variance_scale` and `variance_offset`: noise of a gray pixel, scale * s + offset, of the
// difference of the two.
MotionField align(const GrayPyramid& reference, const GrayPyramid& frame, float variance_scale,
                  float variance_offset);

// How much fine detail a frame shows: the mean squared gradient of its gray picture. Comparable
// between equal exposures.
double sharpness(const GrayPyramid& pyramid);

}  // namespace lichtbild
