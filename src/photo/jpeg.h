// JPEG on all cores: strips of the picture are compressed side by side and joined into one baseline
// file.
//
// A restart interval of one MCU row makes every strip of whole MCU rows independent of its
// neighbors (ITU-T T.81, E.1.4); strips are 8 MCU rows high, so that their restart markers
// RST0..RST6 are already right and RST7 joins them. The bytes do not depend on the number of
// threads: they are those of a one-piece libjpeg run with restart_in_rows = 1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"
#include "photo/photo.h"

namespace lichtbild {

// `rgb`: interleaved, as in Rendition. `icc` and `exif` may be empty. `where` names the file in an
// Error.
std::vector<std::uint8_t> jpeg_bytes(const Image<std::uint8_t>& rgb,
                                     const std::vector<std::uint8_t>& icc,
                                     const std::vector<std::uint8_t>& exif,
                                     const PhotoParams& params, const std::string& where);

}  // namespace lichtbild
