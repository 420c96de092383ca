// dng_tags: what a DNG says of itself (DNG 1.4 specification, chapters 4 to 6), checked before
// anything is decoded.
//
// The RAW picture is the largest full-size one (NewSubfileType 0) among the first directories and
// their SubIFDs. Throws Error for pictures that are no 2x2 Bayer mosaic, for impossible sizes,
// levels and matrices, and where tags, strips or tiles lie outside the file.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/raw_frame.h"
#include "raw/linearize.h"
#include "raw/opcodes.h"
#include "raw/tiff.h"

namespace lichtbild {

// How the samples are stored: full rows in strips, or tiles.
struct DngStorage {
  int width = 0, height = 0;  // masked borders included
  int bits = 16;
  int compression = 1;
  bool has_linearization_table = false;
  bool is_contiguous = false;             // all strips in one piece, row after row
  int piece_width = 0, piece_height = 0;  // of a strip or tile; the last may reach over the border
  std::vector<std::uint64_t> offsets;     // of the pieces, row after row of them
};

struct DngTags {
  RawInfo info;
  Levels levels;
  DngStorage storage;
  int left = 0, top = 0;  // of the active area
  BadPixels bad_pixels;
};

// Nothing for files that are no DNG.
std::optional<DngTags> read_dng_tags(const tiff::Reader& file);

// The parts, in the order of reading.
tiff::Directory find_raw_directory(const tiff::Reader& file);
void read_geometry(const tiff::Reader& file, const tiff::Directory& raw, DngTags& tags);
void read_levels(const tiff::Reader& file, const tiff::Directory& raw, DngTags& tags);
CameraColor read_color(const tiff::Reader& file, const tiff::Directory& main);

// The EXIF LightSource nearest to a correlated color temperature.
int light_source_of(double temperature_kelvin);

// Shared by all readers: refuses more than 200 million samples or a side above 65535.
void check_size(double width, double height, const std::string& where);

}  // namespace lichtbild
