// halide_buffer(image): a Halide view of an Image (dimensions x, y, plane), sharing its memory.
//
// check(code) turns a kernel's non-zero return into an exception; a kernel only fails when it is
// out of memory or when we called it with shapes it does not take.
#pragma once

#include <HalideBuffer.h>

#include <stdexcept>
#include <string>

#include "core/half.h"
#include "core/image.h"

template <>
constexpr halide_type_t halide_type_of<lichtbild::Half>() {
  return halide_type_t(halide_type_float, 16);
}

namespace lichtbild {

template <class T>
Halide::Runtime::Buffer<T> halide_buffer(Image<T>& image) {
  using Buffer = Halide::Runtime::Buffer<T>;
  if (image.planes() == 1) return Buffer(image.row(0), image.width(), image.height());
  return Buffer(image.row(0), image.width(), image.height(), image.planes());
}

// Kernels do not write their inputs; Halide's call signature is not const-correct, so the const is
// dropped here.
template <class T>
Halide::Runtime::Buffer<T> halide_buffer(const Image<T>& image) {
  return halide_buffer(const_cast<Image<T>&>(image));
}

inline void check(int code) {
  if (code != 0)
    throw std::runtime_error("a pixel kernel failed with code " + std::to_string(code));
}

}  // namespace lichtbild
