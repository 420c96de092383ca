#include "optical_image/cell_kernel.h"

#include <algorithm>
#include <cmath>

namespace lichtbild {
namespace {

// The profile's kernel at a real radius, between its neighbors in the table.
std::vector<float> kernel_at(const PsfField& psf, int channel, double radius) {
  const auto& kernels = psf.kernel[channel];
  const auto above = std::upper_bound(psf.radius.begin(), psf.radius.end(), radius);
  const int hi = std::clamp(int(above - psf.radius.begin()), 1, int(psf.radius.size()) - 1);
  const float t = float(
      std::clamp((radius - psf.radius[hi - 1]) / (psf.radius[hi] - psf.radius[hi - 1]), 0.0, 1.0));
  std::vector<float> mixed(kernels[hi].cell.size());
  for (std::size_t i = 0; i < mixed.size(); ++i)
    mixed[i] = (1 - t) * kernels[hi - 1].cell[i] + t * kernels[hi].cell[i];
  return mixed;
}

// Shares of an interval of `width` cells around `center` that fall on whole cells from `first` on.
struct Overlap {
  static constexpr int most = 6;
  int first = 0, count = 0;
  float share[most] = {};

  Overlap(double center, double width) {
    const double low = center - width / 2, high = center + width / 2;
    first = int(std::floor(low + 0.5));
    const int last = std::min(int(std::floor(high + 0.5)), first + most - 1);
    for (int i = first; i <= last; ++i)
      share[count++] =
          float(std::max(0.0, std::min(high, i + 0.5) - std::max(low, i - 0.5)) / width);
  }
};

// [-a, 1 + 2a, -a] along rows and columns.
void compensate(CellKernel& kernel, double step, double profile_cell_px) {
  const auto sinc = [](double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); };
  const double nyquist = step / 2;  // the pixel's, in cycles per cell
  const double lost = sinc(nyquist) * sinc(profile_cell_px / 2);
  const float a = float((1 / lost - 1) / (2 * (1 - std::cos(2 * M_PI * nyquist))));
  const int n = kernel.size();
  for (const auto& [along, across] : {std::pair{1, n}, std::pair{n, 1}}) {
    const std::vector<float> in = kernel.weight;
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) {
        const int at = i * across + j * along;
        const float before = j > 0 ? in[at - along] : 0, after = j + 1 < n ? in[at + along] : 0;
        kernel.weight[at] = in[at] + a * (2 * in[at] - before - after);
      }
  }
}

}  // namespace

int largest_radius(const LensProfile& lens, double step) {
  const double psf_px = ((lens.psf.size - 1) / 2.0 + 0.5) / lens.psf.oversampling;
  double most = 1;
  for (int c = 0; c < 3; ++c) {
    const IdealPlace place(lens, c);
    for (const double r : lens.psf.radius) {
      const auto m = place.at_ideal(r * lens.sensor.half_diagonal_px());
      most = std::max({most, m.radial, m.tangential});
    }
  }
  return int(std::ceil(most * (psf_px + 0.5) / step)) + 2;
}

CellKernel cell_kernel(const LensProfile& lens, int channel, const IdealPlace& place, double x_px,
                       double y_px, double step, int radius) {
  const PsfField& psf = lens.psf;
  const double distance = std::hypot(x_px, y_px);
  const IdealPlace::Magnification m = place.at_ideal(distance);
  // Along t, outwards, and s, t turned by -90 degrees.
  const double tx = distance > 0 ? x_px / distance : 0, ty = distance > 0 ? y_px / distance : 1;
  const double sx = ty, sy = -tx;
  const double width_x = (m.radial * tx * tx + m.tangential * ty * ty) / step,
               width_y = (m.radial * ty * ty + m.tangential * tx * tx) / step;

  CellKernel kernel(radius);
  const std::vector<float> light = kernel_at(psf, channel, m.real_radius);
  const int half = psf.size / 2, n = kernel.size();
  double sum = 0;
  for (int j = 0; j < psf.size; ++j)
    for (int i = 0; i < psf.size; ++i) {
      if ((i - half) * (i - half) + (j - half) * (j - half) > half * half) continue;
      const float energy = light[std::size_t(j) * psf.size + i];
      sum += energy;
      // Light that lands beside its place is gathered from the other side.
      const double s = -m.tangential * (i - half) / psf.oversampling / step,
                   t = -m.radial * (j - half) / psf.oversampling / step;
      const Overlap columns(s * sx + t * tx, width_x), rows(s * sy + t * ty, width_y);
      for (int v = 0; v < rows.count; ++v)
        for (int u = 0; u < columns.count; ++u)
          kernel.weight[std::size_t(rows.first + v + kernel.radius) * n + columns.first + u +
                        kernel.radius] += energy * rows.share[v] * columns.share[u];
    }
  for (float& weight : kernel.weight) weight /= float(sum);
  compensate(kernel, step, 1.0 / psf.oversampling);
  return kernel;
}

}  // namespace lichtbild
