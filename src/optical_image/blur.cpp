// blurred(): kernels are made and parted on a mesh over the grid and interpolated for each tile.
// The core is convolved cell by cell, the skirt on a picture of a quarter of the size.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/correlation.h"
#include "core/parallel.h"
#include "core/repeated_row.h"
#include "optical_image/cell_kernel.h"
#include "optical_image/optical_image.h"
#include "optical_image/parted_kernel.h"

namespace lichtbild {
namespace {

constexpr int tile_cells = 64, coarse_step = PartedKernel::coarse_step;

// Kernels at the nodes of a mesh around the axis, one channel. Nodes lie so close that those around
// a tile point nearly the same way: a tile apart at the axis, farther out by their distance from
// it. The lens is the same in all directions: one eighth is worked out, a quarter kept.
class KernelMesh {
 public:
  KernelMesh(const LensProfile& lens, int channel, const PaintGrid& grid, int radius,
             const KernelParting& part)
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
          PartedKernel node = part(cell_kernel(lens, channel, place, place_px_[far],
                                               place_px_[near], grid.step, radius));
          if (near < columns_ && far < rows_)
            nodes_[std::size_t(far) * columns_ + near] = {node.core.transposed(),
                                                          node.skirt.transposed()};
          if (far < columns_ && near < rows_)
            nodes_[std::size_t(near) * columns_ + far] = std::move(node);
        }
    });
  }

  // For a tile around a cell, from the four nodes around it.
  PartedKernel at(double cell_x, double cell_y) const {
    const double x = grid_.first_x + grid_.step * cell_x - axis_x_,
                 y = grid_.first_y + grid_.step * cell_y - axis_y_;
    const auto [u, fu] = between(std::abs(x), columns_);
    const auto [v, fv] = between(std::abs(y), rows_);
    const float shares[] = {(1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv};
    const PartedKernel* corners[] = {node(u, v), node(u + 1, v), node(u, v + 1),
                                     node(u + 1, v + 1)};
    int core = 0, skirt = 0;
    for (const PartedKernel* corner : corners) {
      core = std::max(core, corner->core.radius);
      skirt = std::max(skirt, corner->skirt.radius);
    }
    PartedKernel mixed{CellKernel(core), CellKernel(skirt)};
    for (int i = 0; i < 4; ++i) {
      mixed.core.add(corners[i]->core, shares[i]);
      mixed.skirt.add(corners[i]->skirt, shares[i]);
    }
    for (CellKernel* kernel : {&mixed.core, &mixed.skirt}) {
      if (x < 0) kernel->mirror_columns();
      if (y < 0) kernel->mirror_rows();
    }
    return mixed;
  }

 private:
  static constexpr double most_turn = 0.12;  // between neighbors, radians
  static constexpr double largest_step_px = 85;

  const PartedKernel* node(int column, int row) const {
    return &nodes_[std::size_t(row) * columns_ + column];
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
  std::vector<PartedKernel> nodes_;
};

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
    correlate(in_.data(), stride_, {core.weight.data(), core.size()}, tile_cells, tile_cells,
              out_.data());
  }

  // Cell x lies at (x + 0.5) / 4 - 0.5 of the coarse cells: linearly between them.
  void add(const Image<float>& coarse, int left, int top, const CellKernel& skirt) {
    load(coarse, 0, left - 1 - skirt.radius, top - 1 - skirt.radius,
         coarse_columns + 2 * skirt.radius, coarse_rows + 2 * skirt.radius);
    correlate(in_.data(), stride_, {skirt.weight.data(), skirt.size()}, coarse_columns, coarse_rows,
              coarse_out_.data());
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
                  int channel, int radius, const KernelParting& part, Image<Half>& out) {
  const KernelMesh mesh(lens, channel, grid, radius, part);
  const int columns = (grid.width + tile_cells - 1) / tile_cells,
            rows = (grid.height + tile_cells - 1) / tile_cells;
  const Image<float> coarse = quarter(ideal, channel);
  const auto middle = [](int tile) { return (tile + 0.5) * tile_cells; };
  parallel_blocks(rows, 1, [&](int v, int) {
    BlurTile tile;
    for (int u = 0; u < columns; ++u) {
      const PartedKernel kernel = mesh.at(middle(u), middle(v));
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
  const KernelParting part(radius);
  for (int c = 0; c < 3; ++c) {
    blur_channel(picture, grid, lens, c, radius, part, out);
    parallel_rows(grid.height, [&](int first, int last) {
      std::copy(out.row(first), out.row(last - 1) + grid.width, picture.row(first, c));
    });
  }
  return picture;
}

}  // namespace lichtbild
