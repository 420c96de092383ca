// What comes after the taps, vector by vector (Highway).
#include "develop/detail_tile.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "develop/detail_tile.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::detail_tile {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Tag>;
constexpr int in_stride = DetailTile::in_stride, detail_size = DetailTile::detail_size,
              rim = DetailTile::rim;
constexpr float margin = 1.5f;  // of the noise's energy, whose own scatter would pass as detail
constexpr float kept_apart = 0.25f;  // of how much a sample stands out itself

// d^2 / n, mean over the colors.
void measure_energy(DetailTile& tile) {
  const Tag f;
  for (int y = 0; y < detail_size; ++y)
    for (int x = 0; x < detail_size; x += int(hn::Lanes(f))) {
      Vec sum = hn::Zero(f);
      for (const DetailTile::Color& color : tile.color) {
        const Vec d = hn::Load(f, color.detail.data() + y * detail_size + x);
        const Vec v =
            hn::LoadU(f, color.in.data() + (y + inverse_reach) * in_stride + x + inverse_reach);
        const Vec n = hn::MulAdd(hn::Set(f, color.noise_scale), hn::Max(v, hn::Zero(f)),
                                 hn::Set(f, color.noise_offset));
        sum = hn::Add(sum, hn::Div(hn::Mul(d, d), n));
      }
      hn::Store(hn::Mul(sum, hn::Set(f, 1.f / 3)), f, tile.energy.data() + y * detail_size + x);
    }
}

// A row of the tile's shares; the rows' buffers reach two columns farther on either side.
void share_row(const DetailTile& tile, int y, float* column_sum, float* share) {
  const Tag f;
  const int lanes = int(hn::Lanes(f));
  constexpr float window[] = {0.1f, 0.25f, 0.3f, 0.25f, 0.1f};
  for (int x = 0; x < detail_size; x += lanes) {
    Vec sum = hn::Zero(f);
    for (int j = 0; j < 5; ++j)
      sum = hn::MulAdd(hn::Set(f, window[j]),
                       hn::Load(f, tile.energy.data() + (y + j) * detail_size + x), sum);
    hn::Store(sum, f, column_sum + x);
  }
  for (int x = 0; x < detail_size; x += lanes) {
    Vec sum = hn::Zero(f);
    for (int i = 0; i < 5; ++i)
      sum = hn::MulAdd(hn::Set(f, window[i]), hn::LoadU(f, column_sum + x + i), sum);
    const Vec signal = hn::Max(hn::Sub(sum, hn::Set(f, margin)), hn::Zero(f));
    hn::Store(hn::Div(signal, hn::Add(signal, hn::Set(f, 1.f))), f, share + x);
  }
}

// How much a sample stands out over, and under, both neighbors of a pair, the most of four pairs.
HWY_INLINE void stand_out(const float* at, Vec v, Vec& over, Vec& under) {
  const Tag f;
  over = under = hn::Zero(f);
  for (const int offset : {2, 2 * in_stride, 2 * in_stride + 2, 2 * in_stride - 2}) {
    const Vec a = hn::LoadU(f, at - offset), b = hn::LoadU(f, at + offset);
    over = hn::Max(over, hn::Sub(v, hn::Max(a, b)));
    under = hn::Max(under, hn::Sub(hn::Min(a, b), v));
  }
}

void add_row_of_detail(DetailTile::Color& color, int y, const float* share, float* low,
                       float* high) {
  const Tag f;
  const int lanes = int(hn::Lanes(f));
  // The 5 x 5 samples around: two rows and columns before the first that comes out.
  const float* around = color.in.data() + (y + inverse_reach) * in_stride + inverse_reach;
  for (int x = 0; x < detail_size; x += lanes) {
    Vec least = hn::LoadU(f, around + x), most = least;
    for (int j = 1; j < 5; ++j) {
      const Vec v = hn::LoadU(f, around + j * in_stride + x);
      least = hn::Min(least, v), most = hn::Max(most, v);
    }
    hn::Store(least, f, low + x);
    hn::Store(most, f, high + x);
  }
  const float* middle = around + rim * in_stride + rim;
  for (int x = 0; x < detail_size; x += lanes) {
    Vec least = hn::LoadU(f, low + x), most = hn::LoadU(f, high + x);
    for (int i = 1; i < 5; ++i) {
      least = hn::Min(least, hn::LoadU(f, low + x + i));
      most = hn::Max(most, hn::LoadU(f, high + x + i));
    }
    const Vec v = hn::LoadU(f, middle + x);
    const Vec d = hn::LoadU(f, color.detail.data() + (y + rim) * detail_size + x + rim);
    Vec over, under;
    stand_out(middle + x, v, over, under);
    least = hn::NegMulAdd(hn::Set(f, kept_apart), under, least);
    most = hn::MulAdd(hn::Set(f, kept_apart), over, most);
    const Vec held = hn::Min(hn::Max(hn::MulAdd(hn::Load(f, share + x), d, v), least), most);
    hn::Store(held, f, color.out.data() + y * detail_size + x);
  }
}

void restore(DetailTile& tile) {
  measure_energy(tile);
  HWY_ALIGN float share[detail_size], a[detail_size + 16] = {}, b[detail_size + 16] = {};
  for (int y = 0; y < DetailTile::size; ++y) {
    share_row(tile, y, a, share);
    for (DetailTile::Color& color : tile.color) add_row_of_detail(color, y, share, a, b);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::detail_tile
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "core/correlation.h"

namespace lichtbild {
namespace detail_tile {

HWY_EXPORT(restore);

void vector_restore(DetailTile& tile) { HWY_DYNAMIC_DISPATCH(restore)(tile); }

}  // namespace detail_tile

void DetailTile::restore() {
  static_assert(detail_size % correlation_columns == 0);
  for (Color& c : color)
    correlate(c.in.data(), in_stride, {c.taps.data(), inverse_size}, detail_size, detail_size,
              c.detail.data());
  detail_tile::vector_restore(*this);
}

}  // namespace lichtbild
#endif
