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

// `corner` is the sample `before` columns and rows before the place.
HWY_INLINE float value_at(const Half* corner, std::size_t stride, const float* across,
                          const float* down) {
  const hn::CappedTag<float, lanes> f;
  const hn::Rebind<hwy::float16_t, decltype(f)> h;
  const auto* row = reinterpret_cast<const hwy::float16_t*>(corner);
  HWY_ALIGN float low[lanes], high[lanes];
  auto total = hn::Zero(f);
  for (std::size_t part = 0; part < lanes; part += hn::Lanes(f)) {
    const auto line = [&](int j) {
      return hn::PromoteTo(f, hn::LoadU(h, row + std::size_t(j) * stride + part));
    };
    const auto above = line(before), below = line(before + 1);
    hn::Store(hn::Min(above, below), f, low + part);
    hn::Store(hn::Max(above, below), f, high + part);
    auto sum = hn::Mul(hn::Set(f, down[0]), line(0));
    sum = hn::MulAdd(hn::Set(f, down[1]), line(1), sum);
    sum = hn::MulAdd(hn::Set(f, down[2]), above, sum);
    sum = hn::MulAdd(hn::Set(f, down[3]), below, sum);
    sum = hn::MulAdd(hn::Set(f, down[4]), line(4), sum);
    sum = hn::MulAdd(hn::Set(f, down[5]), line(5), sum);
    total = hn::MulAdd(sum, hn::LoadU(f, across + part), total);
  }
  const float least = std::min(low[before], low[before + 1]),
              most = std::max(high[before], high[before + 1]);
  return std::clamp(hn::GetLane(hn::SumOfLanes(f, total)), least, most);
}

void row(const RecordedPlane& plane, const float* taps, std::span<const float> at_x,
         std::span<const float> at_y, float* out) {
  const auto right = float(plane.width - 1), bottom = float(plane.height - 1);
  for (std::size_t i = 0; i < at_x.size(); ++i) {
    const float x = std::clamp(at_x[i], 0.f, right), y = std::clamp(at_y[i], 0.f, bottom);
    const int x0 = int(x), y0 = int(y), left = x0 - before, top = y0 - before;
    const float* across = taps + int((x - float(x0)) * Resampler::phases + 0.5f) * lanes;
    const float* down = taps + int((y - float(y0)) * Resampler::phases + 0.5f) * lanes;
    if (left >= 0 && top >= 0 && left + lanes <= plane.width && top + support <= plane.height) {
      out[i] = value_at(plane.first + std::size_t(top) * plane.stride + left,
                        std::size_t(plane.stride), across, down);
      continue;
    }
    Half patch[support * lanes];
    for (int v = 0; v < support; ++v)
      for (int u = 0; u < lanes; ++u)
        patch[v * lanes + u] =
            plane.first[std::size_t(std::clamp(top + v, 0, plane.height - 1)) * plane.stride +
                        std::clamp(left + u, 0, plane.width - 1)];
    out[i] = value_at(patch, lanes, across, down);
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
