// Columns of samples in the lanes of vectors for the values on a curve, eight of these in one
// vector for the values between them (Highway).
#include "develop/resampler.h"

#include <algorithm>
#include <cmath>

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
constexpr int block = Resampler::block, taps_of = Resampler::taps, before = taps_of / 2 - 1;

// The places of a block, moved to the border where they lie beyond; the sample at or before each,
// and where its taps stand.
struct Places {
  HWY_ALIGN float x[block], y[block];
  HWY_ALIGN std::int32_t column[block], row[block], across[block], down[block];
  bool inside = true;  // none was moved

  Places(const RecordedPlanes& planes, const float* at_x, const float* at_y) {
    find(at_x, planes.width, x, column, across);
    find(at_y, planes.height, y, row, down);
  }

 private:
  void find(const float* at, int samples, float* place, std::int32_t* sample, std::int32_t* taps) {
    const hn::CappedTag<float, block> f;
    const hn::RebindToSigned<decltype(f)> whole;
    const auto last = hn::Set(f, float(samples - 1)), half = hn::Set(f, 0.5f),
               phases = hn::Set(f, float(Resampler::phases));
    auto moved = hn::Ne(last, last);
    for (int i = 0; i < block; i += int(hn::Lanes(f))) {
      const auto given = hn::LoadU(f, at + i);
      // What is no number goes to the border, too.
      const auto held = hn::Min(hn::IfThenElseZero(hn::Gt(given, hn::Zero(f)), given), last);
      moved = hn::Or(moved, hn::Ne(held, given));
      const auto before_it = hn::ConvertTo(whole, held);
      const auto part = hn::Sub(held, hn::ConvertTo(f, before_it));
      hn::Store(held, f, place + i);
      hn::Store(before_it, whole, sample + i);
      // The nearest tabulated fraction of a sample.
      const auto phase = hn::ConvertTo(whole, hn::MulAdd(part, phases, half));
      hn::Store(hn::Mul(phase, hn::Set(whole, taps_of)), whole, taps + i);
    }
    inside &= hn::AllFalse(f, moved);
  }
};

// Values before they are held: sums in parts, the least and the most of the samples around.
struct Values {
  HWY_ALIGN float sum[4 * block], least[block], most[block];
};

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

HWY_INLINE void add_up(const float* samples, const float* taps, float* parts) {
  const hn::CappedTag<float, taps_of> f;
  auto total = hn::Zero(f);
  for (std::size_t part = 0; part < taps_of; part += hn::Lanes(f))
    total = hn::MulAdd(hn::LoadU(f, samples + part), hn::LoadU(f, taps + part), total);
  keep_sum(f, total, parts);
}

void hold(const Values& values, float* out) {
  const hn::CappedTag<float, block> f;
  for (int i = 0; i < block; i += int(hn::Lanes(f))) {
    hn::Vec<decltype(f)> a, b, c, d;
    hn::LoadInterleaved4(f, values.sum + 4 * i, a, b, c, d);
    const auto sum = hn::Add(hn::Add(a, b), hn::Add(c, d));
    const auto held = hn::Max(sum, hn::Load(f, values.least + i));
    hn::StoreU(hn::Min(held, hn::Load(f, values.most + i)), f, out + i);
  }
}

// The curve through a block's places, at whole columns of samples: what every row of samples
// weighs in its value there.
class Curve {
 public:
  // False where the places do not follow each other as in a straightened row, or were moved to
  // the border.
  bool follow(const RecordedPlanes& planes, const EightTaps& taps, const Places& places) {
    if (!places.inside) return false;
    const auto [leftmost, rightmost] = range(places.column, block);
    first_ = leftmost - before;
    const int needed = rightmost + taps_of - before - first_;
    columns_ = (needed + group - 1) / group * group;
    inside_ = first_ >= 0 && first_ + columns_ <= planes.width;
    return columns_ <= most_columns && find_heights(places) && weigh(taps);
  }

  // All values of the block.
  void values(const RecordedPlanes& planes, int plane, const float* taps, const Places& places,
              Values& out) const {
    HWY_ALIGN float value[most_columns], least[most_columns + 1], most[most_columns + 1];
    at_columns(planes, plane, value, least, most);
    for (int u = 0; u + 1 < columns_; ++u) {
      least[u] = std::min(least[u], least[u + 1]);
      most[u] = std::max(most[u], most[u + 1]);
    }
    for (int i = 0; i < block; ++i) {
      const int u = places.column[i] - first_;
      add_up(value + u - before, taps + places.across[i], out.sum + 4 * i);
      out.least[i] = least[u];
      out.most[i] = most[u];
    }
  }

 private:
  static constexpr int most_columns = 128, most_rows = 24;  // more go place by place
  static constexpr int group = 16;                          // columns whose values are made at once
  static constexpr float beside = 1e9f;  // distance of a sample that is not next to the curve

  struct Range {
    int least, most;
  };
  static Range range(const std::int32_t* values, int count) {
    Range out{values[0], values[0]};
    for (int i = 1; i < count; ++i) {
      out.least = std::min(out.least, values[i]);
      out.most = std::max(out.most, values[i]);
    }
    return out;
  }

  // The curve is straight between every eighth place.
  bool find_heights(const Places& places) {
    constexpr float least_advance = 0.2f * Resampler::straight;  // it is not too steep then
    for (int i = 0, u = 0; i < block; i += Resampler::straight) {
      const int next = std::min(i + Resampler::straight, block - 1);
      const float x = places.x[i], y = places.y[i], advance = places.x[next] - x;
      if (advance < least_advance) return false;
      const float slope = (places.y[next] - y) / advance;
      const int end = next == block - 1 ? columns_ : int(places.x[next]) + 1 - first_;
      for (; u < end; ++u) height_[u] = y + (float(first_ + u) - x) * slope;
    }
    return true;
  }

  bool weigh(const EightTaps& taps) {
    HWY_ALIGN std::int32_t row[most_columns] = {};
    HWY_ALIGN float place[most_columns];  // in its sample, from the middle
    for (int u = 0; u < columns_; ++u) {
      row[u] = std::int32_t(height_[u] + float(before)) - before;  // floor, from -3 on
      place[u] = height_[u] - float(row[u]) - 0.5f;
    }
    const Range rows = range(row, columns_);
    top_ = rows.least - before;
    rows_ = rows.most - rows.least + taps_of;
    if (rows_ > most_rows) return false;
    for (int j = 0; j < rows_; ++j) {
      std::fill_n(weight_[j], columns_, 0.f);
      std::fill_n(distance_[j], columns_, beside);
    }
    const hn::CappedTag<float, group> f;
    const hn::RebindToSigned<decltype(f)> whole;
    for (int u = 0; u < columns_; u += int(hn::Lanes(f))) {
      const auto q = hn::Load(f, place + u), q2 = hn::Mul(q, q);
      const auto at = hn::Load(whole, row + u);
      const auto of = [&](const std::array<float, 4>& c) {
        auto sum = hn::MulAdd(hn::Set(f, c[3]), q2, hn::Set(f, c[2]));
        sum = hn::MulAdd(sum, q2, hn::Set(f, c[1]));
        return hn::MulAdd(sum, q2, hn::Set(f, c[0]));
      };
      // Lanes of another row than r leave its weights alone.
      const auto [first, last] = range(row + u, int(hn::Lanes(f)));
      for (int r = first; r <= last; ++r) {
        const auto mine = hn::RebindMask(f, hn::Eq(at, hn::Set(whole, r)));
        const auto add = [&](int j, hn::Vec<decltype(f)> weight) {
          float* to = weight_[r - rows.least + j] + u;
          hn::Store(hn::Add(hn::Load(f, to), hn::IfThenElseZero(mine, weight)), f, to);
        };
        for (int k = 0; k < taps_of / 2; ++k) {
          const auto even = of(taps.pairs[k].even), odd = hn::Mul(q, of(taps.pairs[k].odd));
          add(k, hn::Add(even, odd));
          add(taps_of - 1 - k, hn::Sub(even, odd));
        }
        for (const int j : {before, before + 1}) {
          float* to = distance_[r - rows.least + j] + u;
          hn::Store(hn::IfThenZeroElse(mine, hn::Load(f, to)), f, to);
        }
      }
    }
    return true;
  }

  void repeat_border(const Half* row, int width, Half* out) const {
    const int start = std::clamp(-first_, 0, columns_ - 1),
              end = std::clamp(width - first_, start + 1, columns_);
    std::copy(row + first_ + start, row + first_ + end, out + start);
    std::fill(out, out + start, out[start]);
    std::fill(out + end, out + columns_, out[end - 1]);
  }

  void at_columns(const RecordedPlanes& planes, int plane, float* value, float* least,
                  float* most) const {
    const hn::CappedTag<float, group / 2> f;
    const hn::Rebind<hwy::float16_t, decltype(f)> h;
    constexpr int vectors = group / hn::MaxLanes(f), lanes = hn::MaxLanes(f);
    const hwy::float16_t* row[most_rows];
    Half repeated[most_rows][most_columns];  // beyond the border it is repeated
    for (int j = 0; j < rows_; ++j) {
      const Half* recorded = planes.first[plane] + std::ptrdiff_t(planes.stride) *
                                                       std::clamp(top_ + j, 0, planes.height - 1);
      if (!inside_) repeat_border(recorded, planes.width, repeated[j]);
      row[j] = reinterpret_cast<const hwy::float16_t*>(inside_ ? recorded + first_ : repeated[j]);
    }
    for (int u = 0; u < columns_; u += group) {
      hn::Vec<decltype(f)> sum[vectors], low[vectors], high[vectors];
      for (int i = 0; i < vectors; ++i) {
        sum[i] = hn::Zero(f);
        low[i] = hn::Set(f, beside), high[i] = hn::Set(f, -beside);
      }
      const auto add = [&](int j, bool next_to_curve) {
        for (int i = 0; i < vectors; ++i) {
          const int at = u + i * lanes;
          const auto sample = hn::PromoteTo(f, hn::LoadU(h, row[j] + at));
          sum[i] = hn::MulAdd(hn::Load(f, weight_[j] + at), sample, sum[i]);
          if (!next_to_curve) continue;
          const auto distance = hn::Load(f, distance_[j] + at);
          low[i] = hn::Min(low[i], hn::Add(sample, distance));
          high[i] = hn::Max(high[i], hn::Sub(sample, distance));
        }
      };
      for (int j = 0; j < before; ++j) add(j, false);
      for (int j = before; j < rows_ - before; ++j) add(j, true);
      for (int j = rows_ - before; j < rows_; ++j) add(j, false);
      for (int i = 0; i < vectors; ++i) {
        hn::Store(sum[i], f, value + u + i * lanes);
        hn::Store(low[i], f, least + u + i * lanes);
        hn::Store(high[i], f, most + u + i * lanes);
      }
    }
  }

  int first_ = 0, columns_ = 0, top_ = 0, rows_ = 0;
  bool inside_ = false;
  float height_[most_columns];
  HWY_ALIGN float weight_[most_rows][most_columns], distance_[most_rows][most_columns];
};

// Any places at all; the border is repeated.
HWY_NOINLINE void value_by_value(const RecordedPlanes& planes, int plane, const float* taps,
                                 const Places& places, Values& out) {
  for (int i = 0; i < block; ++i) {
    HWY_ALIGN float value[taps_of] = {};
    float least = 0, most = 0;
    for (int j = 0; j < taps_of; ++j) {
      const int y = std::clamp(places.row[i] - before + j, 0, planes.height - 1);
      float sample[taps_of];
      for (int k = 0; k < taps_of; ++k)
        sample[k] = float_from(
            planes.first[plane][std::size_t(y) * planes.stride +
                                std::clamp(places.column[i] - before + k, 0, planes.width - 1)]);
      for (int k = 0; k < taps_of; ++k) value[k] += taps[places.down[i] + j] * sample[k];
      const float low = std::min(sample[before], sample[before + 1]),
                  high = std::max(sample[before], sample[before + 1]);
      if (j == before) least = low, most = high;
      if (j == before + 1) least = std::min(least, low), most = std::max(most, high);
    }
    add_up(value, taps + places.across[i], out.sum + 4 * i);
    out.least[i] = least;
    out.most[i] = most;
  }
}

void row(const RecordedPlanes& planes, const EightTaps& down, const float* taps,
         std::span<const float> at_x, std::span<const float> at_y,
         const std::array<float*, 3>& out) {
  Curve curve;
  Values values;
  for (std::size_t first = 0; first < at_x.size(); first += block) {
    const Places places(planes, at_x.data() + first, at_y.data() + first);
    const bool follows = curve.follow(planes, down, places);
    for (int c = 0; c < 3; ++c) {
      if (follows)
        curve.values(planes, c, taps, places, values);
      else
        value_by_value(planes, c, taps, places, values);
      hold(values, out[c] + first);
    }
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

void vector_row(const RecordedPlanes& planes, const EightTaps& down, const float* taps,
                std::span<const float> at_x, std::span<const float> at_y,
                const std::array<float*, 3>& out) {
  HWY_DYNAMIC_DISPATCH(row)(planes, down, taps, at_x, at_y, out);
}

}  // namespace resampler

Resampler::Resampler() : down_(eight_taps(band)), taps_(band_limited_taps(band, taps, phases)) {}

void Resampler::row(const RecordedPlanes& planes, std::span<const float> at_x,
                    std::span<const float> at_y, const std::array<float*, 3>& out) const {
  resampler::vector_row(planes, down_, taps_.data(), at_x, at_y, out);
}

}  // namespace lichtbild
#endif
