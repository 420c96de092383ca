// Blocks of four rows and two vectors stay in registers while the taps go by (Highway).
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
constexpr int taps_of = inverse_size, in_stride = DetailTile::in_stride,
              detail_size = DetailTile::detail_size, rim = DetailTile::rim;
constexpr float margin = 1.5f;  // of the noise's energy, whose own scatter would pass as detail
constexpr float kept_apart = 0.25f;  // of how much a sample stands out itself

// One row of input reaches the rows First ... Last of a block of four.
template <int First, int Last>
HWY_INLINE void add_row(const float* in, const float* taps, int row, Vec (&sum)[4][2]) {
  const Tag f;
  const std::size_t lanes = hn::Lanes(f);
  for (int u = 0; u < taps_of; ++u) {
    const Vec a = hn::LoadU(f, in + u), b = hn::LoadU(f, in + u + lanes);
    for (int k = First; k <= Last; ++k) {
      const Vec tap = hn::Set(f, taps[(row - k) * taps_of + u]);
      sum[k][0] = hn::MulAdd(tap, a, sum[k][0]);
      sum[k][1] = hn::MulAdd(tap, b, sum[k][1]);
    }
  }
}

void convolve(DetailTile::Color& color) {
  const Tag f;
  const int lanes = int(hn::Lanes(f));
  const float* taps = color.taps.data();
  for (int y = 0; y < detail_size; y += 4)
    for (int x = 0; x < detail_size; x += 2 * lanes) {
      Vec sum[4][2];
      for (auto& row : sum) row[0] = row[1] = hn::Zero(f);
      const float* in = color.in.data() + y * in_stride + x;
      const auto row = [&](int r) { return in + r * in_stride; };
      add_row<0, 0>(row(0), taps, 0, sum);
      add_row<0, 1>(row(1), taps, 1, sum);
      add_row<0, 2>(row(2), taps, 2, sum);
      for (int r = 3; r < taps_of; ++r) add_row<0, 3>(row(r), taps, r, sum);
      add_row<1, 3>(row(taps_of), taps, taps_of, sum);
      add_row<2, 3>(row(taps_of + 1), taps, taps_of + 1, sum);
      add_row<3, 3>(row(taps_of + 2), taps, taps_of + 2, sum);
      for (int k = 0; k < 4; ++k) {
        float* out = color.detail.data() + (y + k) * detail_size + x;
        hn::Store(sum[k][0], f, out);
        hn::Store(sum[k][1], f, out + lanes);
      }
    }
}

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
  for (DetailTile::Color& color : tile.color) convolve(color);
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
namespace lichtbild {
namespace detail_tile {

HWY_EXPORT(restore);

void vector_restore(DetailTile& tile) { HWY_DYNAMIC_DISPATCH(restore)(tile); }

}  // namespace detail_tile

void DetailTile::restore() { detail_tile::vector_restore(*this); }

}  // namespace lichtbild
#endif
