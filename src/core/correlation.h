// correlate(): a rectangle of samples, each the sum of a kernel's weights times the samples around
// it.
#pragma once

namespace lichtbild {

// Whole vectors on every processor.
inline constexpr int correlation_columns = 16;

// `size` x `size` weights, row by row. What is zero at a row's ends costs little.
struct Kernel {
  const float* weight;
  int size;
};

// out(x, y) = sum over u, v of kernel(u, v) in(x + u, y + v), u and v from 0 to the kernel's size.
// `columns` is a multiple of correlation_columns, `rows` at least 4; out is columns x rows, `in`
// columns + size - 1 by rows + size - 1 with `stride` between its rows.
void correlate(const float* in, int stride, const Kernel& kernel, int columns, int rows,
               float* out);

}  // namespace lichtbild
