// blurred(): kernels are made on a mesh over the grid and interpolated for each tile. A tile's
// kernel is parted: a core of few cells is convolved cell by cell, the faint skirt around it, which
// holds only coarse light, on a picture of a quarter of the size. The core is as large as it takes
// to keep the skirt faint.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "blur_tile.h"
#include "core/halide_buffer.h"
#include "core/parallel.h"
#include "core/vector_clones.h"
#include "optical_image/cell_kernel.h"
#include "optical_image/optical_image.h"

namespace lichtbild {
namespace {

constexpr int tile_cells = 64, coarse_step = 4, coarse_tile = tile_cells / coarse_step;
constexpr double most_skirt = 0.03;  // of the light
constexpr int smallest_core = 7;
constexpr int mesh_columns = 24, mesh_rows = 18;

// How a kernel's weights are shared between the core and the skirt: 1 inside, falling to 0 at the
// core's rim. For every radius of a core, over a kernel's cells.
class CoreShares {
 public:
  explicit CoreShares(int kernel_radius) : kernel_radius_(kernel_radius) {
    for (int radius = smallest_core; radius < kernel_radius; radius += 2) {
      std::vector<float>& shares = of_radius_.emplace_back();
      for (int y = -kernel_radius; y <= kernel_radius; ++y)
        for (int x = -kernel_radius; x <= kernel_radius; ++x) {
          const double inner = 0.75 * radius;
          const double t = std::clamp((std::hypot(x, y) - inner) / (radius + 1 - inner), 0.0, 1.0);
          shares.push_back(float(1 - t * t * (3 - 2 * t)));
        }
    }
  }

  // The smallest radius whose skirt is faint; the kernel's own if there is none.
  int radius_for(const CellKernel& kernel) const {
    for (std::size_t i = 0; i < of_radius_.size(); ++i) {
      double skirt = 0;
      for (std::size_t k = 0; k < kernel.weight.size(); ++k)
        skirt += std::abs(kernel.weight[k]) * (1 - of_radius_[i][k]);
      if (skirt <= most_skirt) return smallest_core + 2 * int(i);
    }
    return kernel_radius_;
  }
  const float* of(int radius) const { return of_radius_[(radius - smallest_core) / 2].data(); }

 private:
  int kernel_radius_;
  std::vector<std::vector<float>> of_radius_;
};

LICHTBILD_VECTOR_CLONES
void add_weighted_row(const float* in, float weight, int count, float* out) {
  for (int x = 0; x < count; ++x) out[x] += weight * in[x];
}

// Kernels at the nodes of a mesh over the grid, one channel.
class KernelMesh {
 public:
  KernelMesh(const LensProfile& lens, int channel, const PaintGrid& grid, int radius,
             const CoreShares& shares)
      : grid_(grid), nodes_(std::size_t(mesh_columns + 1) * (mesh_rows + 1)) {
    const IdealPlace place(lens, channel);
    const double axis_x = (lens.center_x - 0.5) * lens.sensor.width_px,
                 axis_y = (lens.center_y - 0.5) * lens.sensor.height_px;
    parallel_blocks(mesh_rows + 1, 1, [&](int first, int last) {
      for (int v = first; v < last; ++v)
        for (int u = 0; u <= mesh_columns; ++u) {
          const double x = grid.first_x + grid.step * grid.width * u / mesh_columns,
                       y = grid.first_y + grid.step * grid.height * v / mesh_rows;
          Node& node = nodes_[std::size_t(v) * (mesh_columns + 1) + u];
          node.kernel =
              cell_kernel(lens, channel, place, x - axis_x, y - axis_y, grid.step, radius);
          node.core_radius = shares.radius_for(node.kernel);
        }
    });
  }

  struct Node {
    CellKernel kernel;
    int core_radius = 0;
  };
  // For a tile around a cell, from the four nodes around it.
  Node at(double cell_x, double cell_y) const {
    const double u = cell_x / grid_.width * mesh_columns, v = cell_y / grid_.height * mesh_rows;
    const int u0 = std::clamp(int(u), 0, mesh_columns - 1),
              v0 = std::clamp(int(v), 0, mesh_rows - 1);
    const auto fu = float(u - u0), fv = float(v - v0);
    Node mixed{CellKernel(nodes_[0].kernel.radius)};
    const float shares[] = {(1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv};
    for (int corner = 0; corner < 4; ++corner) {
      const Node& node =
          nodes_[std::size_t(v0 + corner / 2) * (mesh_columns + 1) + u0 + corner % 2];
      mixed.core_radius = std::max(mixed.core_radius, node.core_radius);
      add_weighted_row(node.kernel.weight.data(), shares[corner], int(mixed.kernel.weight.size()),
                       mixed.kernel.weight.data());
    }
    return mixed;
  }

 private:
  const PaintGrid& grid_;
  std::vector<Node> nodes_;
};

struct PartedKernel {
  CellKernel core, skirt;  // the skirt's cells are coarse
};

PartedKernel parted(KernelMesh::Node node, const CoreShares& shares) {
  const CellKernel& kernel = node.kernel;
  const int radius = node.core_radius;
  if (radius >= kernel.radius) return {std::move(node.kernel), CellKernel(0)};
  PartedKernel out{CellKernel(radius), CellKernel(kernel.radius / coarse_step + 1)};
  const float* share = shares.of(radius);
  for (int y = -radius; y <= radius; ++y)
    for (int x = -radius; x <= radius; ++x) {
      const int i = (y + kernel.radius) * kernel.size() + x + kernel.radius;
      out.core.weight[std::size_t(y + radius) * out.core.size() + x + radius] =
          share[i] * kernel.weight[i];
    }
  // The rest of a cell is shared between the four coarse cells around it, by its distances.
  const int coarse = out.skirt.radius, wide = coarse_step * (coarse + 1);
  std::vector<float> rest(2 * wide + 1, 0.f), columns(out.skirt.size());
  for (int y = -kernel.radius, i = 0; y <= kernel.radius; ++y) {
    for (int x = -kernel.radius; x <= kernel.radius; ++x, ++i)
      rest[x + wide] = (1 - share[i]) * kernel.weight[i];
    for (int u = -coarse; u <= coarse; ++u) {
      const float* around = &rest[coarse_step * u + wide];
      float sum = 0;
      for (int x = 1 - coarse_step; x < coarse_step; ++x)
        sum += float(coarse_step - std::abs(x)) / coarse_step * around[x];
      columns[u + coarse] = sum;
    }
    const int above = (y + wide) / coarse_step - coarse - 1, beyond = y - coarse_step * above;
    float* row = &out.skirt.weight[std::size_t(above + coarse) * out.skirt.size()];
    add_weighted_row(columns.data(), float(coarse_step - beyond) / coarse_step, out.skirt.size(),
                     row);
    if (beyond > 0)
      add_weighted_row(columns.data(), float(beyond) / coarse_step, out.skirt.size(),
                       row + out.skirt.size());
  }
  return out;
}

// Means of 4 x 4 cells.
Image<float> quarter(const Image<Half>& picture, int plane) {
  Image<float> out(picture.width() / coarse_step, picture.height() / coarse_step);
  parallel_rows(out.height(), [&](int first, int last) {
    std::vector<float> sum(picture.width());
    for (int y = first; y < last; ++y) {
      std::fill(sum.begin(), sum.end(), 0.f);
      for (int j = 0; j < coarse_step; ++j) {
        const Half* row = picture.row(coarse_step * y + j, plane);
        for (int x = 0; x < picture.width(); ++x) sum[x] += float_from(row[x]);
      }
      for (int x = 0; x < out.width(); ++x)
        out(x, y) = (sum[4 * x] + sum[4 * x + 1] + sum[4 * x + 2] + sum[4 * x + 3]) / 16;
    }
  });
  return out;
}

// One coarse tile: the skirt's light.
void convolve(const Image<float>& in, const CellKernel& kernel, int left, int top,
              Image<float>& out) {
  const int right = std::min(left + coarse_tile, in.width()),
            bottom = std::min(top + coarse_tile, in.height());
  float patch[coarse_tile];
  std::vector<float> line(coarse_tile + 2 * kernel.radius);
  for (int y = top; y < bottom; ++y) {
    std::fill(std::begin(patch), std::end(patch), 0.f);
    for (int v = -kernel.radius; v <= kernel.radius; ++v) {
      const float* row = in.row(std::clamp(y + v, 0, in.height() - 1));
      for (int i = 0; i < int(line.size()); ++i)
        line[i] = row[std::clamp(left + i - kernel.radius, 0, in.width() - 1)];
      for (int u = 0; u < kernel.size(); ++u)
        add_weighted_row(line.data() + u,
                         kernel.weight[std::size_t(v + kernel.radius) * kernel.size() + u],
                         coarse_tile, patch);
    }
    std::copy_n(patch, right - left, out.row(y) + left);
  }
}

void blur_channel(const Image<Half>& ideal, const PaintGrid& grid, const LensProfile& lens,
                  int channel, int radius, const CoreShares& shares, Image<Half>& out) {
  const KernelMesh mesh(lens, channel, grid, radius, shares);
  const int columns = (grid.width + tile_cells - 1) / tile_cells,
            rows = (grid.height + tile_cells - 1) / tile_cells;
  const Image<float> coarse = quarter(ideal, channel);
  Image<float> skirt(coarse.width(), coarse.height());
  std::vector<CellKernel> cores(std::size_t(columns) * rows);
  const auto middle = [](int tile) { return (tile + 0.5) * tile_cells; };
  parallel_blocks(rows, 1, [&](int first, int last) {
    for (int v = first; v < last; ++v)
      for (int u = 0; u < columns; ++u) {
        PartedKernel kernel = parted(mesh.at(middle(u), middle(v)), shares);
        convolve(coarse, kernel.skirt, u * coarse_tile, v * coarse_tile, skirt);
        cores[std::size_t(v) * columns + u] = std::move(kernel.core);
      }
  });
  using Plane = Halide::Runtime::Buffer<Half>;
  Plane in(const_cast<Half*>(ideal.row(0, channel)), grid.width, grid.height);
  const Plane all(out.row(0, channel), grid.width, grid.height);
  auto skirt_buffer = halide_buffer(skirt);
  parallel_blocks(rows, 1, [&](int first, int last) {
    for (int v = first; v < last; ++v)
      for (int u = 0; u < columns; ++u) {
        CellKernel& core = cores[std::size_t(v) * columns + u];
        Halide::Runtime::Buffer<float> weights(core.weight.data(), core.size(), core.size());
        weights.set_min(-core.radius, -core.radius);
        const int x = u * tile_cells, y = v * tile_cells;
        Plane tile = all.cropped(0, x, std::min(tile_cells, grid.width - x))
                         .cropped(1, y, std::min(tile_cells, grid.height - y));
        check(::blur_tile(in, weights, skirt_buffer, tile));
      }
  });
}

}  // namespace

Image<Half> blurred(const Image<Half>& ideal, const PaintGrid& grid, const LensProfile& lens) {
  invariant(ideal.width() == grid.width && ideal.height() == grid.height && ideal.planes() == 3);
  Image<Half> out(grid.width, grid.height, 3);
  const int radius = largest_radius(lens, grid.step);
  const CoreShares shares(radius);
  for (int c = 0; c < 3; ++c) blur_channel(ideal, grid, lens, c, radius, shares, out);
  return out;
}

}  // namespace lichtbild
