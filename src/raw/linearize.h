// linearize: digital numbers become a linear signal, (dn - black) / (white - black), not clipped.
//
// One pass over the active area, split over the cores. The black level is a pattern that repeats
// from the area's first sample on, plus an optional difference for each column and row (DNG 1.4
// BlackLevel, BlackLevelDeltaH, BlackLevelDeltaV); the white level belongs to a color.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

struct Levels {
  int rows = 1, columns = 1;
  std::vector<double> black{0};  // rows x columns
  std::vector<double> column_delta, row_delta;
  std::array<double, 3> white{65535, 65535, 65535};

  double black_at(int x, int y) const { return black[(y % rows) * columns + x % columns]; }
};

// Sixteen-bit samples where they lie: in a mapped file, at any byte, or in a decoder's memory.
struct Samples {
  const std::byte* first = nullptr;  // of the active area
  std::size_t row_bytes = 0;
  bool big_endian = false;
};

// Throws Error naming `where` for black >= white and for levels that are not finite.
void check_levels(const Levels& levels, const Cfa& cfa, const std::string& where);
// Writes levels.black and white into the info, per color.
void describe_levels(const Levels& levels, RawInfo& info);

Image<float> linearize(const Samples& samples, int width, int height, const Cfa& cfa,
                       const Levels& levels);

// The signal at which each color stops, for files that were clipped before they were written: a
// pile of samples shows it, or a peak exactly at the color's neutral. 1 for the others.
Vector3 find_clip(const RawFrame& frame, const Levels& levels);

}  // namespace lichtbild
