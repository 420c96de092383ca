// Many at once by the processor's own instructions where it has them (Highway).
#include "core/half.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/half.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::half {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void widen(const Half* in, int count, float* out) {
  const hn::ScalableTag<float> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  const auto* from = reinterpret_cast<const hwy::float16_t*>(in);
  const int lanes = int(hn::Lanes(f));
  int x = 0;
  for (; x + lanes <= count; x += lanes)
    hn::StoreU(hn::PromoteTo(f, hn::LoadU(h, from + x)), f, out + x);
  for (; x < count; ++x) out[x] = float_from(in[x]);
}

void narrow(const float* in, int count, Half* out) {
#if HWY_TARGET >= HWY_SSE4  // no such instruction, and Highway's stand-in does not round to nearest
  for (int x = 0; x < count; ++x) out[x] = half_from(in[x]);
#else
  const hn::ScalableTag<float> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  auto* to = reinterpret_cast<hwy::float16_t*>(out);
  const int lanes = int(hn::Lanes(f));
  const auto greatest = hn::Set(f, 65504.f);
  int x = 0;
  for (; x + lanes <= count; x += lanes) {
    const auto v = hn::LoadU(f, in + x), size = hn::Abs(v);
    // What is no number is not less than the greatest.
    const auto held = hn::IfThenElse(hn::Lt(size, greatest), size, greatest);
    hn::StoreU(hn::DemoteTo(h, hn::CopySignToAbs(held, v)), h, to + x);
  }
  for (; x < count; ++x) out[x] = half_from(in[x]);
#endif
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::half
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "core/parallel.h"

namespace lichtbild {
namespace half {
HWY_EXPORT(widen);
HWY_EXPORT(narrow);
}  // namespace half

namespace {

template <class From, class To>
Image<To> converted(const Image<From>& picture, void (*convert)(const From*, int, To*)) {
  Image<To> out(picture.width(), picture.height(), picture.planes());
  parallel_rows(picture.planes() * picture.height(), [&](int first, int last) {
    for (int row = first; row < last; ++row) {
      const std::size_t at = std::size_t(row) * picture.width();
      convert(picture.samples().data() + at, picture.width(), out.samples().data() + at);
    }
  });
  return out;
}

}  // namespace

void widen(const Half* in, int count, float* out) {
  HWY_DYNAMIC_DISPATCH(half::widen)(in, count, out);
}
void narrow(const float* in, int count, Half* out) {
  HWY_DYNAMIC_DISPATCH(half::narrow)(in, count, out);
}

Image<Half> halves(const Image<float>& picture) { return converted(picture, narrow); }
Image<float> floats(const Image<Half>& picture) { return converted(picture, widen); }

}  // namespace lichtbild
#endif
