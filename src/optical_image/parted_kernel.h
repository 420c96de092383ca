// PartedKernel: a kernel as the sum of a core of few cells and a faint skirt around it, which holds
// only coarse light and stands on cells four times as large. Their weights sum to the kernel's.
#pragma once

#include <vector>

#include "optical_image/cell_kernel.h"

namespace lichtbild {

struct PartedKernel {
  static constexpr int coarse_step = 4;  // cells to a side of the skirt's

  CellKernel core, skirt;
};

// Parts kernels of one radius.
class KernelParting {
 public:
  explicit KernelParting(int kernel_radius);

  // The core is as large as it takes to keep the skirt faint; the kernel itself if no core does.
  PartedKernel operator()(const CellKernel& kernel) const;

 private:
  // 1 inside, falling to 0 at the core's rim; over a kernel's cells.
  struct CoreShares {
    int radius;
    std::vector<float> value;
  };
  std::vector<CoreShares> cores_;  // smallest first
};

}  // namespace lichtbild
