// load_repeated_row(): samples of a picture's row as floats; beyond its ends its border is
// repeated.
#pragma once

#include <algorithm>
#include <type_traits>

#include "core/half.h"

namespace lichtbild {

// `count` samples from column `left` on, which lies at most at the row's last; `width` is the
// row's.
template <class Sample>
void load_repeated_row(const Sample* row, int width, int left, int count, float* out) {
  const int first = std::clamp(left, 0, width - 1),
            end = std::clamp(left + count, first + 1, width);
  if constexpr (std::is_same_v<Sample, Half>)
    widen(row + first, end - first, out + first - left);
  else
    std::copy(row + first, row + end, out + first - left);
  std::fill(out, out + first - left, out[first - left]);
  std::fill(out + end - left, out + count, out[end - left - 1]);
}

}  // namespace lichtbild
