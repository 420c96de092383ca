#include "core/half.h"

#include <bit>

#include "core/parallel.h"

namespace lichtbild {
namespace {

constexpr float greatest = 65504;
// Between the biases of the exponents, 127 and 15.
constexpr float up = 0x1p112f, down = 0x1p-112f;
constexpr std::uint32_t sign = 0x80000000;
constexpr int spare = 13;  // bits of the mantissa that a half does not have

Half half_of(float v) {
  const float held = v > greatest ? greatest : v < -greatest ? -greatest : v;
  const auto bits = std::bit_cast<std::uint32_t>(held);
  const auto magnitude = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits & ~sign) * down);
  // To the nearest, ties to even.
  const std::uint32_t rounded = magnitude + (1 << (spare - 1)) - 1 + (magnitude >> spare & 1);
  return {std::uint16_t((bits & sign) >> 16 | rounded >> spare)};
}

float float_of(Half h) {
  const std::uint32_t bits = h.bits;
  const float magnitude = std::bit_cast<float>((bits & 0x7fff) << spare) * up;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | (bits & 0x8000) << 16);
}

template <class To, class From, class Convert>
Image<To> converted(const Image<From>& picture, Convert convert) {
  Image<To> out(picture.width(), picture.height(), picture.planes());
  parallel_rows(picture.height() * picture.planes(), [&](int first, int last) {
    const std::size_t width = picture.width();
    const From* from = picture.samples().data();
    To* to = out.samples().data();
    for (std::size_t i = first * width; i < last * width; ++i) to[i] = convert(from[i]);
  });
  return out;
}

}  // namespace

Image<Half> halves(const Image<float>& picture) { return converted<Half>(picture, half_of); }
Image<float> floats(const Image<Half>& picture) { return converted<float>(picture, float_of); }

}  // namespace lichtbild
