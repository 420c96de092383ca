// PsfKernel of one field and channel: the pupil functions of its wavelengths, summed on cells.
#pragma once

#include "core/lens_profile.h"
#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {

struct KernelGrid {
  int size = 0;  // odd
  double cell_mm = 0;
  double pixel_mm = 0;
  int pupil_samples = 128;
};

// `wavelengths`: indices into the system's, with the weights of the band. `height_mm`: where on the
// image's y axis the kernel's middle lies. Empty (enclosed 0) if no ray arrives.
PsfKernel psf_kernel(const System& system, const Field& field, const ChiefRays& chiefs,
                     const std::vector<int>& wavelengths, const std::vector<double>& weights,
                     double height_mm, const KernelGrid& grid);

}  // namespace lichtbild::optics
