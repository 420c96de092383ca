// Geometry: where the lens put each color of a thing, by the file's own opcode (DNG
// WarpRectilinear) or by a LensProfile; and one resampling that undoes its distortion, when the
// colors are in register (lateral_color.h).
#pragma once

#include <array>
#include <vector>

#include "core/half.h"
#include "core/lens_profile.h"
#include "core/matrix.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Where the picture's point (x, y) of a color plane lies in the recorded picture; both in samples
// of a width x height active area (DNG 1.4 specification, chapter 7, WarpRectilinear).
struct Point {
  double x = 0, y = 0;
};
Point warped(const RectilinearWarp& warp, int plane, Point p, int width, int height);

// The same for many points: around a center, the recorded over the shown radius as a table over the
// squared radius, and the two tangential terms.
struct RecordedPlaces {
  double center_x = 0, center_y = 0, unit_px = 1;
  float entries_per_square = 0;  // of the table, per squared unit
  std::vector<float> ratio;
  double tangential_x = 0, tangential_y = 0;  // DNG's kt1 and kt0

  Point at(Point shown) const;
  // For the samples x = first ... first + count - 1 of row y.
  void row(int first, int count, int y, float* at_x, float* at_y) const;
};
RecordedPlaces recorded_places(const RectilinearWarp& warp, int plane, int width, int height);
// Of red, green and blue. The shown radius r holds the ideal radius corrected_scale(lens) x r.
// Radii count in half diagonals of the picture, which need not have the profile's number of
// samples.
std::array<RecordedPlaces, 3> recorded_places(const LensProfile& lens, int width, int height);

// The active area inside a picture of three planes.
struct ActiveArea {
  const Image<Half>& picture;
  Crop place;
};

// The part `shown` of the active area, each plane resampled (resampler.h); then the matrix. Beyond
// the border the border is repeated.
Image<Half> straightened(const ActiveArea& recorded, const RecordedPlaces& places,
                         const Matrix3& matrix, const Crop& shown);

}  // namespace lichtbild
