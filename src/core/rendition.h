// Rendition: a finished picture on its way to a file: interleaved RGB code values of a display
// color space.
//
// An Image<T> of width 3 * width samples and one plane; T is uint8_t for JPEG and uint16_t for PNG
// and TIFF.
#pragma once

#include <cstdint>
#include <variant>

#include "core/image.h"

namespace lichtbild {

enum class ColorSpace { srgb, display_p3 };  // both with the sRGB transfer curve

struct Rendition {
  std::variant<Image<std::uint8_t>, Image<std::uint16_t>> rgb;
  ColorSpace space = ColorSpace::srgb;
};

}  // namespace lichtbild
