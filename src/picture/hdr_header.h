// hdr_header: what stands before the scanlines of a Radiance picture (.hdr, .pic).
//
// Source: Radiance's "File Formats" (filefmts.pdf), "Picture File Format (.hdr suffix)", and Ward,
// "Real Pixels", Graphics Gems II, 1991.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/matrix.h"
#include "picture/picture.h"

namespace lichtbild {

struct HdrHeader {
  bool is_xyz = false;  // FORMAT=32-bit_rle_xyze
  // Samples were multiplied by these, all EXPOSURE and COLORCORR lines taken together.
  Vector3 multiplied_by{1, 1, 1};
  std::optional<Primaries> primaries;  // PRIMARIES, the last one
  // The resolution line: scanlines in the order of the file, each of so many pixels. Standard is
  // "-Y height +X width": rows from the top, pixels from the left.
  int scanlines = 0, pixels = 0;
  bool columns = false;  // scanlines are columns of the picture
  bool scanlines_backwards = false, pixels_backwards = false;  // from the bottom or the right
  std::size_t size = 0;                                        // in bytes, to the first scanline

  int width() const { return columns ? scanlines : pixels; }
  int height() const { return columns ? pixels : scanlines; }
};

// Throws Error{where, ...} for what is no such header, another FORMAT, numbers that are none,
// pixels that are not square.
HdrHeader parse_hdr_header(std::string_view file, const std::string& where);

}  // namespace lichtbild
