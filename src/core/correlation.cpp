// As many sums as the registers hold are made at once, of a block of cells (Highway): a vector of
// the picture serves every row of the block, a weight every vector.
#include "core/correlation.h"

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/correlation.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::correlation {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
const hn::CappedTag<float, correlation_columns> f;
using V = hn::Vec<decltype(f)>;
constexpr int lanes = hn::MaxLanes(f);

// Rows of a block: with four vectors 12 sums, 3 weights and a vector of the picture are 16
// registers, AVX2's; AVX-512 has 32.
constexpr int block_rows = lanes < 16 ? 3 : 4, most_vectors = std::min(4, 64 / lanes);

// The kernel's rows as a block sees the picture's: cell[u][j] is what the block's row j takes of
// column first + u.
struct WeightRow {
  int first = 0, count = 0;
  const float* cell = nullptr;
};

template <int vectors>
HWY_INLINE void sum_block(const float* in, int stride, const std::vector<WeightRow>& rows,
                          float* out, int columns) {
  V sum[block_rows][vectors];
  for (auto& row : sum)
    for (V& s : row) s = hn::Zero(f);
  for (const WeightRow& row : rows) {
    const float *from = in + row.first, *cell = row.cell;
    for (int u = 0; u < row.count; ++u, ++from, cell += block_rows) {
      V weight[block_rows];
      for (int j = 0; j < block_rows; ++j) weight[j] = hn::Set(f, cell[j]);
      for (int i = 0; i < vectors; ++i) {
        const V cells = hn::LoadU(f, from + i * lanes);
        for (int j = 0; j < block_rows; ++j) sum[j][i] = hn::MulAdd(weight[j], cells, sum[j][i]);
      }
    }
    in += stride;
  }
  for (int j = 0; j < block_rows; ++j)
    for (int i = 0; i < vectors; ++i)
      hn::StoreU(sum[j][i], f, out + std::size_t(j) * columns + i * lanes);
}

void correlate(const float* in, int stride, const Kernel& kernel, int columns, int rows,
               float* out) {
  const int n = kernel.size;
  std::vector<float> weights(std::size_t(n + block_rows - 1) * n * block_rows);
  std::vector<WeightRow> weight_rows;
  weight_rows.reserve(n + block_rows - 1);
  for (int v = 0; v < n + block_rows - 1; ++v) {
    float* cell = &weights[std::size_t(v) * n * block_rows];
    int first = n, end = 0;  // a round kernel's corners are empty
    for (int j = std::max(0, v - n + 1); j < std::min(block_rows, v + 1); ++j)
      for (int u = 0; u < n; ++u) {
        const float weight = kernel.weight[std::size_t(v - j) * n + u];
        cell[u * block_rows + j] = weight;
        if (weight != 0) first = std::min(first, u), end = std::max(end, u + 1);
      }
    weight_rows.push_back(
        {first, std::max(end - first, 0), cell + std::ptrdiff_t(first) * block_rows});
  }
  // The last block may do rows again.
  for (int y = 0; y < rows; y += block_rows) {
    const int top = std::min(y, rows - block_rows);
    const float* from = in + std::size_t(top) * stride;
    float* to = out + std::size_t(top) * columns;
    int x = 0;
    for (; x + most_vectors * lanes <= columns; x += most_vectors * lanes)
      sum_block<most_vectors>(from + x, stride, weight_rows, to + x, columns);
    for (; x < columns; x += lanes) sum_block<1>(from + x, stride, weight_rows, to + x, columns);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::correlation
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lichtbild {
namespace correlation {
HWY_EXPORT(correlate);
}

void correlate(const float* in, int stride, const Kernel& kernel, int columns, int rows,
               float* out) {
  HWY_DYNAMIC_DISPATCH(correlation::correlate)(in, stride, kernel, columns, rows, out);
}

}  // namespace lichtbild
#endif
