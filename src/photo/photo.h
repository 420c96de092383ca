// photo: a rendition becomes a file: JPEG, 16-bit PNG or TIFF with ICC profile and EXIF, or a
// scene-linear EXR.
//
// Pictures arrive upright or not as the sensor gave them: the EXIF orientation is applied to the
// pixels here and written as 1. Files appear whole or not at all (core/atomic_file.h).
#pragma once

#include <string>

#include "core/half.h"
#include "core/raw_frame.h"
#include "core/rendition.h"

namespace lichtbild {

enum class PhotoKind { jpeg, png, tiff, exr, dng };

// By the suffix of the path, in any case. Throws Error for an unknown one, listing the known.
PhotoKind photo_kind(const std::string& path);

struct PhotoParams {
  int jpeg_quality = 93;     // 1..100
  bool full_chroma = false;  // JPEG 4:4:4 instead of 4:2:0
};

// JPEG takes 8-bit renditions, PNG and TIFF 16-bit ones.
void write_photo(const Rendition& rendition, const Metadata& metadata, const std::string& path,
                 const PhotoParams& params = {});

// Planes red, green, blue of linear Rec.2020, D65, 1.0 = diffuse white; half floats, chromaticities
// in the header.
void write_exr(const Image<Half>& rec2020, const Metadata& metadata, const std::string& path);

}  // namespace lichtbild
