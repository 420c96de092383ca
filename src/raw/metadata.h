// metadata: when, where and with what a frame was taken, from TIFF, EXIF and GPS directories
// (EXIF 2.32, sections 4.6.4 to 4.6.6).
#pragma once

#include "core/raw_frame.h"
#include "raw/tiff.h"

namespace lichtbild {

// Absent and impossible values stay as Metadata initializes them. Throws Error where a directory
// lies outside the file.
Metadata read_metadata(const tiff::Reader& file);

}  // namespace lichtbild
