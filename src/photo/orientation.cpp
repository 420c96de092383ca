#include "photo/orientation.h"

#include <algorithm>
#include <cstring>

#include "core/parallel.h"

namespace lichtbild {
namespace {

// Where an upright pixel comes from: first exchanged if `transposed`, then counted from the far
// side if mirrored.
struct Turn {
  bool transposed = false, mirrored_x = false,
       mirrored_y = false;  // in the coordinates of the source
};

Turn turn(int orientation) {
  switch (orientation) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, false, true};
    case 7:
      return {true, true, true};
    case 8:
      return {true, true, false};
    default:
      return {};
  }
}

template <class T, int samples>
struct Pixel {
  T values[samples];
};

template <class P>
struct Plane {
  P* pixels;
  int width, height;
};

template <class P>
void turn_rows(Plane<const P> in, Plane<P> out, Turn how, int first, int last) {
  for (int y = first; y < last; ++y) {
    const P* from = in.pixels + std::size_t(how.mirrored_y ? in.height - 1 - y : y) * in.width;
    P* to = out.pixels + std::size_t(y) * out.width;
    if (how.mirrored_x)
      std::reverse_copy(from, from + in.width, to);
    else
      std::copy(from, from + in.width, to);
  }
}

// In blocks whose rows, of the source and of the result, stay in the first-level cache together.
template <class P>
void transpose_rows(Plane<const P> in, Plane<P> out, Turn how, int first, int last) {
  constexpr int block = 32;
  const std::ptrdiff_t step = how.mirrored_y ? -std::ptrdiff_t(in.width) : in.width;
  for (int top = first; top < last; top += block)
    for (int left = 0; left < out.width; left += block)
      for (int y = top; y < std::min(top + block, last); ++y) {
        const int in_x = how.mirrored_x ? in.width - 1 - y : y;
        const int in_y = how.mirrored_y ? in.height - 1 - left : left;
        const P* from = in.pixels + std::size_t(in_y) * in.width + in_x;
        P* to = out.pixels + std::size_t(y) * out.width + left;
        const int count = std::min(block, out.width - left);
        for (int x = 0; x < count; ++x) to[x] = from[x * step];
      }
}

template <class T, int samples>
Image<T> turned(const Image<T>& image, Turn how) {
  using P = Pixel<T, samples>;
  const int width = image.width() / samples, height = image.height();
  const int out_width = how.transposed ? height : width;
  const int out_height = how.transposed ? width : height;
  Image<T> out(out_width * samples, out_height, image.planes());
  for (int plane = 0; plane < image.planes(); ++plane) {
    const Plane<const P> from{reinterpret_cast<const P*>(image.row(0, plane)), width, height};
    const Plane<P> to{reinterpret_cast<P*>(out.row(0, plane)), out_width, out_height};
    parallel_rows(out_height, [&](int first, int last) {
      if (how.transposed)
        transpose_rows(from, to, how, first, last);
      else
        turn_rows(from, to, how, first, last);
    });
  }
  return out;
}

}  // namespace

template <class T>
Image<T> oriented(const Image<T>& image, int orientation, int samples_per_pixel) {
  invariant(samples_per_pixel == 1 || samples_per_pixel == 3);
  const Turn how = turn(orientation);
  return samples_per_pixel == 3 ? turned<T, 3>(image, how) : turned<T, 1>(image, how);
}

PixelPlace place_before_turning(PixelPlace upright, int orientation, int width, int height) {
  const Turn how = turn(orientation);
  PixelPlace place = how.transposed ? PixelPlace{upright.y, upright.x} : upright;
  if (how.mirrored_x) place.x = width - 1 - place.x;
  if (how.mirrored_y) place.y = height - 1 - place.y;
  return place;
}

template Image<std::uint8_t> oriented(const Image<std::uint8_t>&, int, int);
template Image<std::uint16_t> oriented(const Image<std::uint16_t>&, int, int);
template Image<float> oriented(const Image<float>&, int, int);
template Image<Half> oriented(const Image<Half>&, int, int);

}  // namespace lichtbild
