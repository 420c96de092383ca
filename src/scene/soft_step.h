// SoftStep: an edge as cells can hold it: a step, filtered so that frequencies up to half the
// cells' Nyquist frequency are kept to 0.5 % and those beyond it are gone.
//
// The filter is a sinc that cuts at 0.5 cycles per cell, windowed by Kaiser's window of eight cells
// to either side; the step is its integral. It overshoots by 9 %, at frequencies that no lens and
// pixel let through.
#pragma once

#include <vector>

namespace lichtbild {

class SoftStep {
 public:
  SoftStep();
  // 0 far below 0, 1 far above it; the distance is in cells.
  float operator()(float distance) const {
    const float at = (distance + reach) * per_cell;
    if (!(at > 0)) return 0;
    if (at >= float(table_.size() - 1)) return 1;
    const int i = int(at);
    return table_[i] + (at - float(i)) * (table_[i + 1] - table_[i]);
  }

  static constexpr int reach = 8, per_cell = 64;  // cells; entries

 private:
  std::vector<float> table_;
};

}  // namespace lichtbild
