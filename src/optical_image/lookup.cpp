// Eight cells of a row in one vector, eight rows to a value (Highway).
#include "optical_image/lookup.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "optical_image/lookup.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::lookup {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE float value_at(const CellPlane& plane, const float* taps, float x, float y) {
  constexpr int taps_of = Sampler::lanes, before = taps_of / 2 - 1;
  const float held_x = std::clamp(x, float(before), float(plane.width - taps_of + before)),
              held_y = std::clamp(y, float(before), float(plane.height - taps_of + before));
  const int x0 = int(held_x), y0 = int(held_y);
  constexpr float nearest = 0.5f;
  const float phase_x = (held_x - float(x0)) * Sampler::phases + nearest,
              phase_y = (held_y - float(y0)) * Sampler::phases + nearest;
  const float* across = taps + int(phase_x) * Sampler::lanes;
  const float* down = taps + int(phase_y) * Sampler::lanes;
  const auto* row = reinterpret_cast<const hwy::float16_t*>(
      plane.first + std::size_t(y0 - before) * plane.width + x0 - before);
  const hn::CappedTag<float, Sampler::lanes> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  auto total = hn::Zero(f);
  for (std::size_t part = 0; part < Sampler::lanes; part += hn::Lanes(f)) {
    auto sum = hn::Zero(f);
    for (int j = 0; j < taps_of; ++j)
      sum = hn::MulAdd(hn::Set(f, down[j]),
                       hn::PromoteTo(f, hn::LoadU(h, row + std::size_t(j) * plane.width + part)),
                       sum);
    total = hn::MulAdd(sum, hn::LoadU(f, across + part), total);
  }
  return hn::GetLane(hn::SumOfLanes(f, total));
}

void add_up(const CellPlane& even, const CellPlane& odd, const float* taps,
            std::span<const IdealPoint> points, std::span<const float> gains,
            std::span<const Lookup> lookups, float* out) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const IdealPoint p = points[i];
    float sum = 0;
    for (const Lookup& l : lookups) {
      const float w = 1 / (l.w[0] * p.x + l.w[1] * p.y + l.w[2]);
      sum += value_at(i % 2 == 0 ? even : odd, taps, (l.u[0] * p.x + l.u[1] * p.y + l.u[2]) * w,
                      (l.v[0] * p.x + l.v[1] * p.y + l.v[2]) * w);
    }
    out[i] = std::max(gains[i] * sum, 0.f);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::lookup
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "core/band_limited_taps.h"

namespace lichtbild {
namespace lookup {

HWY_EXPORT(add_up);

void vector_add_up(const CellPlane& even, const CellPlane& odd, const float* taps,
                   std::span<const IdealPoint> points, std::span<const float> gains,
                   std::span<const Lookup> lookups, float* out) {
  HWY_DYNAMIC_DISPATCH(add_up)(even, odd, taps, points, gains, lookups, out);
}

}  // namespace lookup

Sampler::Sampler(const Image<Half>& picture)
    : picture_(picture), taps_(band_limited_taps(band, lanes, phases)) {
  invariant(picture.width() >= lanes && picture.height() >= lanes);
}

void Sampler::add_up(std::span<const IdealPoint> points, std::span<const float> gains,
                     std::span<const Lookup> lookups, int even, int odd, float* out) const {
  const auto plane = [&](int p) {
    return CellPlane{picture_.row(0, p), picture_.width(), picture_.height()};
  };
  lookup::vector_add_up(plane(even), plane(odd), taps_.data(), points, gains, lookups, out);
}

}  // namespace lichtbild
#endif
