// Half: a half float (IEEE 754 binary16) as pictures of scene light hold it: 11 significant bits
// from 6e-5 to 65504, half the memory of a float.
//
// Kernels convert by instructions of their own; these two are for everything else.
#pragma once

#include <cstdint>

#include "core/image.h"

namespace lichtbild {

struct Half {
  std::uint16_t bits;
};

// To the nearest half. Beyond the greatest lies infinity, which few programs take well: such light
// stays at the greatest.
Image<Half> halves(const Image<float>& picture);
Image<float> floats(const Image<Half>& picture);

}  // namespace lichtbild
