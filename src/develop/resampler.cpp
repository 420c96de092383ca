// Eight samples of a row in one vector, eight rows to a value (Highway).
#include "develop/resampler.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "develop/resampler.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::resampler {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
constexpr int lanes = Resampler::lanes, before = lanes / 2 - 1;

constexpr int block = Resampler::block;

// Where the values of a block lie: the sample `before` columns and rows before each, and its taps.
struct Places {
  HWY_ALIGN std::int32_t left[block], top[block], across[block], down[block];
  bool inside = false;  // all of them
};
struct Values {
  HWY_ALIGN float sum[4 * block], least[2 * block], most[2 * block];  // in parts
};

void find(const RecordedPlane& plane, const float* at_x, const float* at_y, Places& places) {
  const hn::ScalableTag<float> f;
  const hn::RebindToSigned<decltype(f)> whole;
  auto beyond = hn::Set(f, -1.f);
  const auto along = [&](const float* at, int samples, int reached, std::int32_t* first,
                         std::int32_t* phase) {
    const auto last = hn::Set(f, float(samples - 1)), zero = hn::Zero(f);
    const auto place = hn::Min(hn::Max(hn::LoadU(f, at), zero), last);
    const auto floor = hn::ConvertTo(whole, place);
    const auto part = hn::Sub(place, hn::ConvertTo(f, floor));
    const auto from = hn::Sub(floor, hn::Set(whole, before));
    hn::Store(from, whole, first);
    hn::Store(hn::ShiftLeft<3>(hn::ConvertTo(
                  whole, hn::MulAdd(part, hn::Set(f, float(Resampler::phases)), hn::Set(f, 0.5f)))),
              whole, phase);
    const auto as_float = hn::ConvertTo(f, from);
    beyond = hn::Max(beyond, hn::Max(hn::Neg(as_float),
                                     hn::Sub(as_float, hn::Set(f, float(samples - reached)))));
  };
  for (int i = 0; i < block; i += int(hn::Lanes(f))) {
    along(at_x + i, plane.width, lanes, places.left + i, places.across + i);
    along(at_y + i, plane.height, lanes, places.top + i, places.down + i);
  }
  places.inside = hn::GetLane(hn::MaxOfLanes(f, beyond)) <= 0;
}

// The least and the most of two rows at the two samples around the place, from `above` and `below`
// on.
HWY_INLINE void keep_around(const hwy::float16_t* above, const hwy::float16_t* below, float* least,
                            float* most) {
  const hn::CappedTag<float, 2> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  for (std::size_t part = 0; part < 2; part += hn::Lanes(f)) {
    const auto a = hn::PromoteTo(f, hn::LoadU(h, above + part)),
               b = hn::PromoteTo(f, hn::LoadU(h, below + part));
    hn::StoreU(hn::Min(a, b), f, least + part);
    hn::StoreU(hn::Max(a, b), f, most + part);
  }
}

// The sum of the lanes in four parts.
template <class D, class V>
HWY_INLINE void keep_sum(D d, V v, float* out) {
#if HWY_TARGET == HWY_SCALAR
  (void)d;
  std::fill_n(out, 4, 0.f);
  *out = hn::GetLane(v);
#else
  const hn::CappedTag<float, 4> quad;
  if constexpr (hn::MaxLanes(d) == 4)
    hn::Store(v, quad, out);
  else
    hn::Store(hn::Add(hn::LowerHalf(quad, v), hn::UpperHalf(quad, v)), quad, out);
#endif
}

HWY_INLINE void resample(const Half* corner, std::ptrdiff_t stride,
                         const float* HWY_RESTRICT across, const float* HWY_RESTRICT down, int i,
                         Values& values) {
  const hn::CappedTag<float, lanes> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  const auto* row = reinterpret_cast<const hwy::float16_t*>(corner);
  auto total = hn::Zero(f);
  for (std::size_t part = 0; part < lanes; part += hn::Lanes(f)) {
    const auto* at = row + part;
    auto even = hn::Zero(f), odd = hn::Zero(f);
    for (int j = 0; j < lanes; j += 2, at += 2 * stride) {
      even = hn::MulAdd(hn::Set(f, down[j]), hn::PromoteTo(f, hn::LoadU(h, at)), even);
      odd = hn::MulAdd(hn::Set(f, down[j + 1]), hn::PromoteTo(f, hn::LoadU(h, at + stride)), odd);
    }
    total = hn::MulAdd(hn::Add(even, odd), hn::LoadU(f, across + part), total);
  }
  keep_sum(f, total, values.sum + 4 * i);
  const auto* above = row + before * stride + before;
  keep_around(above, above + stride, values.least + 2 * i, values.most + 2 * i);
}

// The border is repeated.
HWY_NOINLINE void resample_at_border(const RecordedPlane& plane, const float* taps,
                                     const Places& places, Values& values) {
  for (int i = 0; i < block; ++i) {
    Half patch[lanes * lanes];
    for (int v = 0; v < lanes; ++v) {
      const int y = std::clamp(places.top[i] + v, 0, plane.height - 1);
      for (int u = 0; u < lanes; ++u)
        patch[v * lanes + u] = plane.first[std::size_t(y) * plane.stride +
                                           std::clamp(places.left[i] + u, 0, plane.width - 1)];
    }
    resample(patch, lanes, taps + places.across[i], taps + places.down[i], i, values);
  }
}

HWY_NOINLINE void resample_inside(const RecordedPlane& plane, const float* taps,
                                  const Places& places, Values& values) {
  const std::ptrdiff_t stride = plane.stride;
  const Half* first = plane.first;
  for (int i = 0; i < block; ++i)
    resample(first + places.top[i] * stride + places.left[i], stride, taps + places.across[i],
             taps + places.down[i], i, values);
}

void hold(const Values& values, float* out) {
  const hn::ScalableTag<float> f;
  for (int i = 0; i < block; i += int(hn::Lanes(f))) {
    hn::Vec<decltype(f)> a, b, c, d;
    hn::LoadInterleaved4(f, values.sum + 4 * i, a, b, c, d);
    const auto sum = hn::Add(hn::Add(a, b), hn::Add(c, d));
    hn::LoadInterleaved2(f, values.least + 2 * i, a, b);
    hn::LoadInterleaved2(f, values.most + 2 * i, c, d);
    hn::StoreU(hn::Min(hn::Max(sum, hn::Min(a, b)), hn::Max(c, d)), f, out + i);
  }
}

void row(const RecordedPlane& plane, const float* taps, std::span<const float> at_x,
         std::span<const float> at_y, float* out) {
  Places places;
  Values values;
  for (std::size_t first = 0; first < at_x.size(); first += block) {
    find(plane, at_x.data() + first, at_y.data() + first, places);
    (places.inside ? resample_inside : resample_at_border)(plane, taps, places, values);
    hold(values, out + first);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::resampler
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "core/band_limited_taps.h"

namespace lichtbild {
namespace resampler {

HWY_EXPORT(row);

void vector_row(const RecordedPlane& plane, const float* taps, std::span<const float> at_x,
                std::span<const float> at_y, float* out) {
  HWY_DYNAMIC_DISPATCH(row)(plane, taps, at_x, at_y, out);
}

}  // namespace resampler

Resampler::Resampler() : taps_(band_limited_taps(band, lanes, phases)) {}

void Resampler::row(const RecordedPlane& plane, std::span<const float> at_x,
                    std::span<const float> at_y, float* out) const {
  resampler::vector_row(plane, taps_.data(), at_x, at_y, out);
}

}  // namespace lichtbild
#endif
