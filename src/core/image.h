// Image<T>: owner of one planar picture, plane after plane, rows packed, 64-byte aligned; moved, or
// cloned by name.
//
// Pixel (x, y) of plane p lies at row(y, p)[x]. A mosaic has one plane; a color picture has the
// planes red, green, blue. Samples are uninitialized after construction.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

#include "core/invariant.h"

namespace lichtbild {

// Memory for pixels: aligned to 64 bytes; large pictures on huge pages, which saves a third of the
// time of a development that ordinary pages take to be handed out. Throws std::bad_alloc.
void* allocate_pixels(std::size_t bytes);
void free_pixels(void* pixels);
// Asks for huge pages for memory above 8 MB.
void prefer_huge_pages(void* memory, std::size_t bytes);

template <class T>
class Image {
 public:
  Image() = default;
  Image(int width, int height, int planes = 1) : width_(width), height_(height), planes_(planes) {
    invariant(width > 0 && height > 0 && planes > 0);
    samples_.reset(static_cast<T*>(allocate_pixels(size() * sizeof(T))));
  }

  int width() const { return width_; }
  int height() const { return height_; }
  int planes() const { return planes_; }
  bool empty() const { return !samples_; }
  std::size_t size() const { return std::size_t(width_) * height_ * planes_; }

  T* row(int y, int plane = 0) {
    invariant(y >= 0 && y < height_ && plane >= 0 && plane < planes_);
    return samples_.get() + (std::size_t(plane) * height_ + y) * width_;
  }
  const T* row(int y, int plane = 0) const { return const_cast<Image*>(this)->row(y, plane); }
  T& operator()(int x, int y, int plane = 0) { return row(y, plane)[x]; }
  const T& operator()(int x, int y, int plane = 0) const { return row(y, plane)[x]; }

  std::span<T> samples() { return {samples_.get(), size()}; }
  std::span<const T> samples() const { return {samples_.get(), size()}; }

  // The same memory and shape with samples of another type of the same size, whose values are
  // meaningless until they are written.
  template <class U>
  Image<U> reused_as() && {
    static_assert(sizeof(U) == sizeof(T));
    Image<U> other;
    other.width_ = width_, other.height_ = height_, other.planes_ = planes_;
    other.samples_.reset(reinterpret_cast<U*>(samples_.release()));
    return other;
  }

  void fill(T value) { std::fill_n(samples_.get(), size(), value); }
  Image clone() const {
    Image copy(width_, height_, planes_);
    std::copy_n(samples_.get(), size(), copy.samples_.get());
    return copy;
  }

 private:
  template <class U>
  friend class Image;
  struct Free {
    void operator()(T* samples) const { free_pixels(samples); }
  };
  int width_ = 0, height_ = 0, planes_ = 0;
  std::unique_ptr<T[], Free> samples_;
};

}  // namespace lichtbild
