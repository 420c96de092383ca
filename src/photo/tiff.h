// TIFF 6.0 with 16 bits a sample, chunky RGB, strips deflated on all cores after horizontal
// differencing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"
#include "photo/tags.h"

namespace lichtbild {

// `rgb`: interleaved, as in Rendition. `directory`: the EXIF tags, to which those of the picture
// are added. `where` names the file in an Error, thrown when it would exceed the 4 GiB that TIFF's
// offsets reach.
std::vector<std::uint8_t> tiff_bytes(const Image<std::uint16_t>& rgb,
                                     const std::vector<std::uint8_t>& icc, TagDirectory directory,
                                     const std::string& where);

}  // namespace lichtbild
