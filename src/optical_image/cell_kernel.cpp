#include "optical_image/cell_kernel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/invariant.h"
#include "core/sinc.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

// The profile's kernel at a real radius, between its neighbors in the table, as far as it is round;
// within a rim of zeros.
struct Light {
  int size;  // with the rim
  std::vector<float> cell;

  Light(const PsfField& psf, int channel, double radius)
      : size(psf.size + 2), cell(std::size_t(size) * size) {
    const auto& kernels = psf.kernel[channel];
    const auto above = std::upper_bound(psf.radius.begin(), psf.radius.end(), radius);
    const int hi = std::clamp(int(above - psf.radius.begin()), 1, int(psf.radius.size()) - 1);
    const float t = float(std::clamp(
        (radius - psf.radius[hi - 1]) / (psf.radius[hi] - psf.radius[hi - 1]), 0.0, 1.0));
    const int half = psf.size / 2;
    for (int j = 0; j < psf.size; ++j) {
      const int reach = int(std::sqrt(half * half - (j - half) * (j - half)));
      for (int i = half - reach; i <= half + reach; ++i) {
        const std::size_t from = std::size_t(j) * psf.size + i;
        cell[std::size_t(j + 1) * size + i + 1] =
            (1 - t) * kernels[hi - 1].cell[from] + t * kernels[hi].cell[from];
      }
    }
  }
};

// Points, `step` apart and as many to either side of the middle, of a row of the kernel turned to
// its place: `s` and `t` are the table's column and row of the first point, ds and dt from one
// point to the next.
LICHTBILD_VECTOR_CLONES
void look_up(const float* cell, int size, float s, float t, float ds, float dt, int count,
             float* out) {
  const auto last = float(size - 1);
  for (int i = 0; i < count; ++i) {
    const float column = std::min(std::max(s + float(i) * ds, 0.f), last),
                row = std::min(std::max(t + float(i) * dt, 0.f), last);
    const int u = std::min(int(column), size - 2), v = std::min(int(row), size - 2);
    const float fu = column - float(u), fv = row - float(v);
    const float* near = cell + (v * size + u);
    const float low = near[0] + fu * (near[1] - near[0]),
                high = near[size] + fu * (near[size + 1] - near[size]);
    out[i] = low + fv * (high - low);
  }
}

// What a pixel `width` points wide takes of the points around its middle.
std::vector<float> pixel_shares(double width) {
  const int reach = int(std::ceil((width - 1) / 2));
  std::vector<float> share;
  for (int i = -reach; i <= reach; ++i)
    share.push_back(float(std::clamp((width + 1) / 2 - std::abs(i), 0.0, 1.0) / width));
  return share;
}

// The sharpening that gives back what the pixel's shares are short of its square at its Nyquist
// frequency, and what the profile's cells and the linear look-up between them lost there. `points`
// to a cell, `pixel_points` to the pixel's width.
float compensation(const std::vector<float>& shares, double pixel_points, int points,
                   double profile_cell_px) {
  const double nyquist = 0.5 / pixel_points;  // cycles per point
  const int reach = int(shares.size()) / 2;
  double of_shares = 0;
  for (int i = -reach; i <= reach; ++i)
    of_shares += shares[i + reach] * std::cos(2 * M_PI * nyquist * i);
  const double kept = of_shares * std::pow(sinc(0.5 * profile_cell_px), 3) / sinc(0.5);
  return sharpening_for(kept, nyquist * points);
}

// Three taps on `count` x `count` weights, along one direction.
void sharpen(std::vector<float>& weight, int count, int along, int across, float a) {
  const std::vector<float> in = weight;
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < count; ++j) {
      const int at = i * across + j * along;
      const float before = j > 0 ? in[at - along] : 0, after = j + 1 < count ? in[at + along] : 0;
      weight[at] = in[at] + a * (2 * in[at] - before - after);
    }
}

}  // namespace

LICHTBILD_VECTOR_CLONES
void add_weighted(const float* in, float weight, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] += weight * in[i];
}

CellKernel CellKernel::transposed() const {
  CellKernel out(radius);
  for (int y = 0, n = size(); y < n; ++y)
    for (int x = 0; x < n; ++x) out.weight[std::size_t(x) * n + y] = weight[std::size_t(y) * n + x];
  return out;
}

void CellKernel::mirror_columns() {
  for (auto row = weight.begin(); row != weight.end(); row += size())
    std::reverse(row, row + size());
}

void CellKernel::mirror_rows() {
  for (int j = 0; j < radius; ++j)
    std::swap_ranges(weight.begin() + std::ptrdiff_t(j) * size(),
                     weight.begin() + std::ptrdiff_t(j + 1) * size(),
                     weight.end() - std::ptrdiff_t(j + 1) * size());
}

void CellKernel::add(const CellKernel& other, float share) {
  invariant(other.radius <= radius);
  const int inset = radius - other.radius;
  for (int y = 0; y < other.size(); ++y)
    add_weighted(&other.weight[std::size_t(y) * other.size()], share, other.size(),
                 &weight[std::size_t(y + inset) * size() + inset]);
}

void CellKernel::sharpen(float across, float down) {
  lichtbild::sharpen(weight, size(), 1, size(), across);
  lichtbild::sharpen(weight, size(), size(), 1, down);
}

float sharpening_for(double kept, double frequency) {
  return float((1 / kept - 1) / (2 * (1 - std::cos(2 * M_PI * frequency))));
}

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

  // Points half a cell apart, then what the pixel gathers of them, along rows and columns.
  constexpr int points = 2;
  const std::vector<float> across = pixel_shares(points * width_x),
                           down = pixel_shares(points * width_y);
  const int reach_x = int(across.size()) / 2, reach_y = int(down.size()) / 2;
  const int half_x = points * radius + reach_x, half_y = points * radius + reach_y;
  const Light light(psf, channel, m.real_radius);
  // Light that lands beside its place is gathered from the other side.
  const double middle = (light.size - 1) / 2.0,
               to_s = -psf.oversampling * step / points / m.tangential,
               to_t = -psf.oversampling * step / points / m.radial;
  CellKernel kernel(radius);
  const int n = kernel.size();
  std::vector<float> row(2 * half_x + 1), wide(row.size() - 2 * reach_x);
  std::vector<float> gathered(std::size_t(n) * (2 * half_y + 1));
  for (int y = -half_y; y <= half_y; ++y) {
    look_up(light.cell.data(), light.size, float(middle + to_s * (-half_x * sx + y * sy)),
            float(middle + to_t * (-half_x * tx + y * ty)), float(to_s * sx), float(to_t * tx),
            int(row.size()), row.data());
    std::fill(wide.begin(), wide.end(), 0.f);
    for (std::size_t i = 0; i < across.size(); ++i)
      add_weighted(row.data() + i, across[i], int(wide.size()), wide.data());
    float* out = &gathered[std::size_t(y + half_y) * n];
    for (int x = 0; x < n; ++x) out[x] = wide[points * x];
  }
  for (int y = 0; y < n; ++y)
    for (std::size_t i = 0; i < down.size(); ++i)
      add_weighted(&gathered[(points * y + i) * n], down[i], n, &kernel.weight[std::size_t(y) * n]);
  const float sum = std::accumulate(kernel.weight.begin(), kernel.weight.end(), 0.f);
  for (float& weight : kernel.weight) weight /= sum;
  const double profile_cell_px = 1.0 / psf.oversampling;
  kernel.sharpen(compensation(across, points * width_x, points, profile_cell_px),
                 compensation(down, points * width_y, points, profile_cell_px));
  return kernel;
}

}  // namespace lichtbild
