// EXIF (CIPA DC-008, Exif 2.32): what is known of the exposure, the camera and the place, as a
// block of bytes.
//
// Fields that Metadata does not know (0, empty) are left out; those that the standard demands are
// always there. The orientation is written as 1, for photo applies it to the pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "core/raw_frame.h"
#include "core/rendition.h"
#include "photo/tags.h"

namespace lichtbild {

struct ExifPicture {
  int width = 0, height = 0;  // as shown
  ColorSpace space = ColorSpace::srgb;
  bool is_tiff = false;  // whose own tags say size and components
};

// IFD0 with the directories Exif and GPS below it; a TIFF file adds its own tags.
TagDirectory exif_directory(const Metadata& metadata, const ExifPicture& picture);

// The block as it stands in JPEG (after "Exif\0\0") and PNG: a TIFF header and the directory.
std::vector<std::uint8_t> exif_bytes(const Metadata& metadata, const ExifPicture& picture);

}  // namespace lichtbild
