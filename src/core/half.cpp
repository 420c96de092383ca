#include "core/half.h"

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

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

LICHTBILD_VECTOR_CLONES
void widen(const Half* in, int count, float* out) {
  for (int x = 0; x < count; ++x) out[x] = float_from(in[x]);
}
LICHTBILD_VECTOR_CLONES
void narrow(const float* in, int count, Half* out) {
  for (int x = 0; x < count; ++x) out[x] = half_from(in[x]);
}

Image<Half> halves(const Image<float>& picture) { return converted<Half>(picture, half_from); }
Image<float> floats(const Image<Half>& picture) { return converted<float>(picture, float_from); }

}  // namespace lichtbild
