// Eight samples of a row in one vector, six rows to a value (Highway).
#include "develop/resampler.h"

#include <algorithm>

#include "core/lanczos.h"

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
constexpr int lanes = Resampler::lanes, support = lanczos_support, before = support / 2 - 1;

constexpr int block = Resampler::block;

// Where the values of a block lie: the sample `before` columns and rows before each, and its taps.
struct Places {
  HWY_ALIGN std::int32_t left[block], top[block], across[block], down[block];
  bool inside = false;  // all of them
};
struct Values {
  HWY_ALIGN float sum[block], least[2 * block], most[2 * block];  // two columns to a value
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
    along(at_y + i, plane.height, support, places.top + i, places.down + i);
  }
  places.inside = hn::GetLane(hn::MaxOfLanes(f, beyond)) <= 0;
}

// Of a row's samples from `part` on, those two that lie around the place.
template <class D, class V>
HWY_INLINE void keep_middle(D d, std::size_t part, V v, float* out) {
#if HWY_TARGET == HWY_SCALAR
  (void)d;
  if (part >= before && part <= before + 1) out[part - before] = hn::GetLane(v);
#else
  if (part > 0) return;
  const hn::CappedTag<float, 4> quad;
  const hn::Half<decltype(quad)> pair;
  if constexpr (hn::MaxLanes(d) == 4)
    hn::StoreU(hn::UpperHalf(pair, v), pair, out);
  else
    hn::StoreU(hn::UpperHalf(pair, hn::LowerHalf(quad, v)), pair, out);
#endif
}

HWY_INLINE void resample(const Half* corner, std::size_t stride, const float* across,
                         const float* down, int i, Values& values) {
  const hn::CappedTag<float, lanes> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  const auto* row = reinterpret_cast<const hwy::float16_t*>(corner);
  auto total = hn::Zero(f);
  for (std::size_t part = 0; part < lanes; part += hn::Lanes(f)) {
    const auto line = [&](int j) {
      return hn::PromoteTo(f, hn::LoadU(h, row + std::size_t(j) * stride + part));
    };
    const auto above = line(before), below = line(before + 1);
    keep_middle(f, part, hn::Min(above, below), values.least + 2 * i);
    keep_middle(f, part, hn::Max(above, below), values.most + 2 * i);
    auto sum = hn::Mul(hn::Set(f, down[0]), line(0));
    sum = hn::MulAdd(hn::Set(f, down[1]), line(1), sum);
    sum = hn::MulAdd(hn::Set(f, down[2]), above, sum);
    sum = hn::MulAdd(hn::Set(f, down[3]), below, sum);
    sum = hn::MulAdd(hn::Set(f, down[4]), line(4), sum);
    sum = hn::MulAdd(hn::Set(f, down[5]), line(5), sum);
    total = hn::MulAdd(sum, hn::LoadU(f, across + part), total);
  }
  values.sum[i] = hn::GetLane(hn::SumOfLanes(f, total));
}

// The border is repeated.
void resample_at_border(const RecordedPlane& plane, const float* taps, const Places& places, int i,
                        Values& values) {
  Half patch[support * lanes];
  for (int v = 0; v < support; ++v) {
    const int y = std::clamp(places.top[i] + v, 0, plane.height - 1);
    for (int u = 0; u < lanes; ++u)
      patch[v * lanes + u] = plane.first[std::size_t(y) * plane.stride +
                                         std::clamp(places.left[i] + u, 0, plane.width - 1)];
  }
  resample(patch, lanes, taps + places.across[i], taps + places.down[i], i, values);
}

void hold(const Values& values, float* out) {
  const hn::ScalableTag<float> f;
  for (int i = 0; i < block; i += int(hn::Lanes(f))) {
    hn::Vec<decltype(f)> a, b, c, d;
    hn::LoadInterleaved2(f, values.least + 2 * i, a, b);
    hn::LoadInterleaved2(f, values.most + 2 * i, c, d);
    const auto sum = hn::Load(f, values.sum + i);
    hn::StoreU(hn::Min(hn::Max(sum, hn::Min(a, b)), hn::Max(c, d)), f, out + i);
  }
}

void row(const RecordedPlane& plane, const float* taps, std::span<const float> at_x,
         std::span<const float> at_y, float* out) {
  Places places;
  Values values{};
  for (std::size_t first = 0; first < at_x.size(); first += block) {
    find(plane, at_x.data() + first, at_y.data() + first, places);
    for (int i = 0; i < block; ++i)
      if (places.inside)
        resample(plane.first + std::ptrdiff_t(places.top[i]) * plane.stride + places.left[i],
                 std::size_t(plane.stride), taps + places.across[i], taps + places.down[i], i,
                 values);
      else
        resample_at_border(plane, taps, places, i, values);
    hold(values, out + first);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::resampler
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lichtbild {
namespace resampler {

HWY_EXPORT(row);

void vector_row(const RecordedPlane& plane, const float* taps, std::span<const float> at_x,
                std::span<const float> at_y, float* out) {
  HWY_DYNAMIC_DISPATCH(row)(plane, taps, at_x, at_y, out);
}

}  // namespace resampler

Resampler::Resampler() : taps_(std::size_t(phases + 1) * lanes) {
  for (int p = 0; p <= phases; ++p)
    std::ranges::copy(lanczos_taps(double(p) / phases), taps_.begin() + std::ptrdiff_t(p) * lanes);
}

void Resampler::row(const RecordedPlane& plane, std::span<const float> at_x,
                    std::span<const float> at_y, float* out) const {
  resampler::vector_row(plane, taps_.data(), at_x, at_y, out);
}

}  // namespace lichtbild
#endif
