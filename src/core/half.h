// Half: a half float (IEEE 754 binary16) as pictures of scene light hold it: 11 significant bits
// from 6e-5 to 65504, half the memory of a float.
//
// Kernels convert by instructions of their own; these are for everything else: one by one by plain
// bit operations, or rows at once.
#pragma once

#include <bit>
#include <cstdint>

#include "core/image.h"

namespace lichtbild {

struct Half {
  std::uint16_t bits;
};

// To the nearest half, ties to even. Beyond the greatest lies infinity, which few programs take
// well: such light, and what is no number, becomes the greatest. Plain bit operations without a
// branch: loops of them are vectorized.
inline Half half_from(float v) {
  constexpr auto greatest = std::bit_cast<std::uint32_t>(65504.f);
  constexpr float down = 0x1p-112f;  // between the biases of the exponents, 127 and 15
  constexpr std::uint32_t sign = 0x80000000;
  constexpr int spare = 13;  // bits of the mantissa that a half does not have
  const auto bits = std::bit_cast<std::uint32_t>(v);
  const std::uint32_t size = bits & ~sign, held = size < greatest ? size : greatest;
  const auto magnitude = std::bit_cast<std::uint32_t>(std::bit_cast<float>(held) * down);
  const std::uint32_t rounded = magnitude + (1 << (spare - 1)) - 1 + (magnitude >> spare & 1);
  return {std::uint16_t((bits & sign) >> 16 | rounded >> spare)};
}

inline float float_from(Half h) {
  constexpr float up = 0x1p112f;
  constexpr int spare = 13;
  const std::uint32_t bits = h.bits;
  const float magnitude = std::bit_cast<float>((bits & 0x7fff) << spare) * up;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | (bits & 0x8000) << 16);
}

// `count` of them.
void widen(const Half* in, int count, float* out);
void narrow(const float* in, int count, Half* out);
Image<Half> halves(const Image<float>& picture);
Image<float> floats(const Image<Half>& picture);

}  // namespace lichtbild
