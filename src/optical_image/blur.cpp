// blurred(): kernels are made on a mesh over the grid and interpolated for each tile. A tile's
// kernel is parted: a core of few cells is convolved cell by cell, the faint skirt around it, which
// holds only coarse light, on a picture of a quarter of the size. The core is as large as it takes
// to keep the skirt faint.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/parallel.h"
#include "core/repeated_row.h"
#include "optical_image/cell_kernel.h"
#include "optical_image/correlation.h"
#include "optical_image/optical_image.h"

namespace lichtbild {
namespace {

constexpr int tile_cells = 64, coarse_step = 4;
constexpr double most_skirt = 0.03;  // of the light
constexpr int smallest_core = 7;

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

// Kernels at the nodes of a mesh around the axis, one channel. Nodes lie so close that those around
// a tile point nearly the same way: a tile apart at the axis, farther out by their distance from
// it. The lens is the same in all directions: one eighth is worked out, a quarter kept.
class KernelMesh {
 public:
  KernelMesh(const LensProfile& lens, int channel, const PaintGrid& grid, int radius,
             const CoreShares& shares)
      : grid_(grid),
        axis_x_((lens.center_x - 0.5) * lens.sensor.width_px),
        axis_y_((lens.center_y - 0.5) * lens.sensor.height_px) {
    const auto reach = [&](double first, int count, double axis) {
      return std::max(std::abs(first - axis), std::abs(first + grid.step * count - axis));
    };
    const double wide = reach(grid.first_x, grid.width, axis_x_),
                 high = reach(grid.first_y, grid.height, axis_y_);
    place_px_.push_back(0);
    while (place_px_.back() < std::max(wide, high))
      place_px_.push_back(place_px_.back() + std::clamp(most_turn * place_px_.back(),
                                                        grid.step * tile_cells, largest_step_px));
    const auto nodes_to = [&](double distance) {
      return 1 + int(std::ranges::lower_bound(place_px_, distance) - place_px_.begin());
    };
    columns_ = nodes_to(wide), rows_ = nodes_to(high);
    nodes_.resize(std::size_t(columns_) * rows_);
    const IdealPlace place(lens, channel);
    parallel_blocks(std::max(columns_, rows_), 1, [&](int first, int last) {
      for (int far = first; far < last; ++far)
        for (int near = 0; near <= far; ++near) {
          Node node{cell_kernel(lens, channel, place, place_px_[far], place_px_[near], grid.step,
                                radius)};
          node.core_radius = shares.radius_for(node.kernel);
          if (near < columns_ && far < rows_)
            nodes_[std::size_t(far) * columns_ + near] = {transposed(node.kernel),
                                                          node.core_radius};
          if (far < columns_ && near < rows_)
            nodes_[std::size_t(near) * columns_ + far] = std::move(node);
        }
    });
  }

  struct Node {
    CellKernel kernel;
    int core_radius = 0;
  };
  // For a tile around a cell, from the four nodes around it.
  Node at(double cell_x, double cell_y) const {
    const double x = grid_.first_x + grid_.step * cell_x - axis_x_,
                 y = grid_.first_y + grid_.step * cell_y - axis_y_;
    const auto [u, fu] = between(std::abs(x), columns_);
    const auto [v, fv] = between(std::abs(y), rows_);
    Node mixed{CellKernel(nodes_[0].kernel.radius)};
    const float shares[] = {(1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv};
    for (int corner = 0; corner < 4; ++corner) {
      const Node& node = nodes_[std::size_t(v + corner / 2) * columns_ + u + corner % 2];
      mixed.core_radius = std::max(mixed.core_radius, node.core_radius);
      add_weighted(node.kernel.weight.data(), shares[corner], int(mixed.kernel.weight.size()),
                   mixed.kernel.weight.data());
    }
    std::vector<float>& weight = mixed.kernel.weight;
    if (x < 0)
      for (auto row = weight.begin(); row != weight.end(); row += mixed.kernel.size())
        std::reverse(row, row + mixed.kernel.size());
    if (y < 0)
      for (int j = 0; j < mixed.kernel.radius; ++j)
        std::swap_ranges(weight.begin() + std::ptrdiff_t(j) * mixed.kernel.size(),
                         weight.begin() + std::ptrdiff_t(j + 1) * mixed.kernel.size(),
                         weight.end() - std::ptrdiff_t(j + 1) * mixed.kernel.size());
    return mixed;
  }

 private:
  static constexpr double most_turn = 0.12;  // between neighbors, radians
  static constexpr double largest_step_px = 85;

  static CellKernel transposed(const CellKernel& kernel) {
    CellKernel out(kernel.radius);
    for (int y = 0, n = kernel.size(); y < n; ++y)
      for (int x = 0; x < n; ++x)
        out.weight[std::size_t(x) * n + y] = kernel.weight[std::size_t(y) * n + x];
    return out;
  }

  struct Between {
    int below;
    float share;  // of the one above
  };
  Between between(double distance, int count) const {
    const auto above = std::upper_bound(place_px_.begin(), place_px_.begin() + count, distance);
    const int below = std::clamp(int(above - place_px_.begin()) - 1, 0, count - 2);
    return {below, float(std::clamp(
                       (distance - place_px_[below]) / (place_px_[below + 1] - place_px_[below]),
                       0.0, 1.0))};
  }

  const PaintGrid& grid_;
  double axis_x_, axis_y_;
  std::vector<double> place_px_;  // of the nodes from the axis, along either side
  int columns_ = 0, rows_ = 0;
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
    add_weighted(columns.data(), float(coarse_step - beyond) / coarse_step, out.skirt.size(), row);
    if (beyond > 0)
      add_weighted(columns.data(), float(beyond) / coarse_step, out.skirt.size(),
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

// The cells of one tile and what they become.
class BlurTile {
 public:
  void gather(const Image<Half>& picture, int plane, int left, int top, const CellKernel& core) {
    load(picture, plane, left - core.radius, top - core.radius, tile_cells + 2 * core.radius,
         tile_cells + 2 * core.radius);
    correlate(in_.data(), stride_, core, tile_cells, tile_cells, out_.data());
  }

  // Cell x lies at (x + 0.5) / 4 - 0.5 of the coarse cells: linearly between them.
  void add(const Image<float>& coarse, int left, int top, const CellKernel& skirt) {
    load(coarse, 0, left - 1 - skirt.radius, top - 1 - skirt.radius,
         coarse_columns + 2 * skirt.radius, coarse_rows + 2 * skirt.radius);
    correlate(in_.data(), stride_, skirt, coarse_columns, coarse_rows, coarse_out_.data());
    for (int y = 0; y < tile_cells; ++y) {
      const float* above =
          &coarse_out_[std::size_t(y + coarse_step / 2) / coarse_step * coarse_columns];
      add_between(above, above + coarse_columns, share(y), &out_[std::size_t(y) * tile_cells]);
    }
  }

  void store(Image<Half>& picture, int left, int top) const {
    const int columns = std::min(tile_cells, picture.width() - left),
              rows = std::min(tile_cells, picture.height() - top);
    for (int y = 0; y < rows; ++y)
      narrow(&out_[std::size_t(y) * tile_cells], columns, picture.row(top + y) + left);
  }

 private:
  static constexpr int coarse_rows = tile_cells / coarse_step + 2;  // one around
  static constexpr int coarse_columns = 2 * correlation_columns;
  static_assert(coarse_rows <= coarse_columns && tile_cells % correlation_columns == 0);

  // Of the farther of the two coarse cells between which a cell lies.
  static constexpr float share(int cell) {
    return (float((cell + coarse_step / 2) % coarse_step) + 0.5f) / coarse_step;
  }

  static void add_between(const float* above, const float* below, float down, float* out) {
    std::array<float, coarse_rows> line;
    for (int x = 0; x < coarse_rows; ++x) line[x] = above[x] + down * (below[x] - above[x]);
    for (int x = 0; x < tile_cells; ++x) {
      const int near = (x + coarse_step / 2) / coarse_step;
      out[x] += line[near] + share(x) * (line[near + 1] - line[near]);
    }
  }

  template <class Sample>
  void load(const Image<Sample>& picture, int plane, int left, int top, int columns, int rows) {
    stride_ = columns;
    in_.resize(std::size_t(columns) * rows);
    for (int y = 0; y < rows; ++y)
      load_repeated_row(picture.row(std::clamp(top + y, 0, picture.height() - 1), plane),
                        picture.width(), left, columns, &in_[std::size_t(y) * columns]);
  }

  int stride_ = 0;
  std::vector<float> in_;
  std::array<float, tile_cells * tile_cells> out_;
  std::array<float, coarse_columns * coarse_rows> coarse_out_;
};

void blur_channel(const Image<Half>& ideal, const PaintGrid& grid, const LensProfile& lens,
                  int channel, int radius, const CoreShares& shares, Image<Half>& out) {
  const KernelMesh mesh(lens, channel, grid, radius, shares);
  const int columns = (grid.width + tile_cells - 1) / tile_cells,
            rows = (grid.height + tile_cells - 1) / tile_cells;
  const Image<float> coarse = quarter(ideal, channel);
  const auto middle = [](int tile) { return (tile + 0.5) * tile_cells; };
  parallel_blocks(rows, 1, [&](int v, int) {
    BlurTile tile;
    for (int u = 0; u < columns; ++u) {
      const PartedKernel kernel = parted(mesh.at(middle(u), middle(v)), shares);
      const int left = u * tile_cells, top = v * tile_cells;
      tile.gather(ideal, channel, left, top, kernel.core);
      tile.add(coarse, left / coarse_step, top / coarse_step, kernel.skirt);
      tile.store(out, left, top);
    }
  });
}

}  // namespace

Image<Half> blurred(Image<Half> picture, const PaintGrid& grid, const LensProfile& lens) {
  invariant(picture.width() == grid.width && picture.height() == grid.height &&
            picture.planes() == 3);
  // Memory that has been used before is cheaper than new one.
  Image<Half> out(grid.width, grid.height);
  const int radius = largest_radius(lens, grid.step);
  const CoreShares shares(radius);
  for (int c = 0; c < 3; ++c) {
    blur_channel(picture, grid, lens, c, radius, shares, out);
    parallel_rows(grid.height, [&](int first, int last) {
      std::copy(out.row(first), out.row(last - 1) + grid.width, picture.row(first, c));
    });
  }
  return picture;
}

}  // namespace lichtbild
