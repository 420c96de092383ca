// CellKernel: the weights with which a pixel gathers light from the cells around the place where it
// looks: the lens's kernel there, turned to the place, and the pixel's own square.
//
// A band-limited picture's cells are samples; a kernel's, integrals over cells. The difference, and
// that of the profile's own cells, is taken out again by a three-tap filter that is exact at the
// pixel's Nyquist frequency and errs by less than 1 % below it.
#pragma once

#include <vector>

#include "core/lens_profile.h"
#include "optical_image/ideal_place.h"

namespace lichtbild {

struct CellKernel {
  int radius = 0;
  std::vector<float> weight;  // (2 radius + 1)^2, row by row

  explicit CellKernel(int r = 0) : radius(r), weight(std::size_t(2 * r + 1) * (2 * r + 1)) {}
  int size() const { return 2 * radius + 1; }

  CellKernel transposed() const;
  void mirror_columns();
  void mirror_rows();
  // Adds a share of a kernel that reaches no farther.
  void add(const CellKernel& other, float share);
  // [-a, 1 + 2 a, -a] along rows, a = across, and along columns, a = down.
  void sharpen(float across, float down);
};

// The a that makes 1 of what was kept of a frequency (cycles per cell).
float sharpening_for(double kept, double frequency);

// As far as any of the profile's kernels reaches, in cells of `step` pixels.
int largest_radius(const LensProfile& lens, double step);

// Its weights sum to 1. At an ideal place (pixels from the axis), in the circle that the profile's
// kernel holds; of a radius that largest_radius() gave.
CellKernel cell_kernel(const LensProfile& lens, int channel, const IdealPlace& place, double x_px,
                       double y_px, double step, int radius);

// out[i] += weight * in[i].
void add_weighted(const float* in, float weight, int count, float* out);

}  // namespace lichtbild
