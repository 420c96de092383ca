// PNG with 16 bits a sample, filtered and deflated strip by strip on all cores.
//
// Every row is predicted by Paeth's filter (PNG specification, 9.4); strips are deflated
// independently and joined into one zlib stream: raw deflate blocks ended by a full flush, one
// header, one Adler-32 combined from the strips'.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/image.h"

namespace lichtbild {

// `rgb`: interleaved, as in Rendition. `where` names the file in an Error.
std::vector<std::uint8_t> png_bytes(const Image<std::uint16_t>& rgb,
                                    const std::vector<std::uint8_t>& icc,
                                    const std::vector<std::uint8_t>& exif,
                                    const std::string& where);

}  // namespace lichtbild
