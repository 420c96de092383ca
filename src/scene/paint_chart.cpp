#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "scene/chart.h"
#include "scene/soft_step.h"

namespace lichtbild {
namespace {

using Color = std::array<float, 3>;

Color seen(const Spectrum& reflectance, const Weights& weights) {
  Color color;
  for (int c = 0; c < 3; ++c) color[c] = float(integral(reflectance, weights[c]));
  return color;
}

// One row of cells, in floats.
struct Row {
  std::array<std::vector<float>, 3> plane;
  double y = 0;  // pixels

  void mix(int x, const Color& color, float share) {
    for (int c = 0; c < 3; ++c) plane[c][x] += share * (color[c] - plane[c][x]);
  }
};

struct Columns {
  int first, last;
};

class Painter {
 public:
  Painter(const PaintGrid& grid, const SoftStep& step) : grid_(grid), step_(step) {}

  void patch(const ChartPatch& p, const Color& color, Row& row) const {
    const double turn = p.angle_deg * M_PI / 180, c = std::cos(turn), s = std::sin(turn);
    const double dy = row.y - p.y, edge = SoftStep::reach * grid_.step;
    const double half_w = p.width / 2, half_h = p.height / 2;
    const double tall = std::abs(s) * half_w + std::abs(c) * half_h + 2 * edge;
    if (std::abs(dy) > tall) return;
    const double wide = std::abs(c) * half_w + std::abs(s) * half_h + 2 * edge;
    const auto [first, last] = columns(p.x - wide, p.x + wide);
    const auto per_cell = float(1 / grid_.step);
    for (int x = first; x < last; ++x) {
      const double dx = x_of(x) - p.x, u = c * dx + s * dy, v = c * dy - s * dx;
      const float across = inside(u, half_w, per_cell), down = inside(v, half_h, per_cell);
      if (across != 0 && down != 0) row.mix(x, color, across * down);
    }
  }

  void disk(const ChartDisk& d, const Color& color, Row& row) const {
    const double dy = row.y - d.y, edge = SoftStep::reach * grid_.step, outer = d.radius + edge;
    if (std::abs(dy) > outer) return;
    const double wide = std::sqrt(outer * outer - dy * dy);
    const auto [first, last] = columns(d.x - wide, d.x + wide);
    for (int x = first; x < last; ++x) {
      const double dx = x_of(x) - d.x;
      row.mix(x, color, step_(float((d.radius - std::sqrt(dx * dx + dy * dy)) / grid_.step)));
    }
  }

  void star(const ChartLayout::Star& star, const Color& mean, const Color& amplitude,
            Row& row) const {
    const auto [first, last] = columns(-star.radius - 8, star.radius + 8);
    for (int x = first; x < last; ++x) {
      const double dx = x_of(x), r = std::hypot(dx, row.y);
      const float share = step_(float((star.radius - r) / grid_.step)) *
                          step_(float((r - star.inner_radius) / grid_.step));
      if (share == 0) continue;
      const auto wave = float(std::cos(star.cycles * std::atan2(row.y, dx)));
      Color color;
      for (int c = 0; c < 3; ++c) color[c] = mean[c] + wave * amplitude[c];
      row.mix(x, color, share);
    }
  }

 private:
  double x_of(int cell) const { return grid_.first_x + grid_.step * cell; }
  Columns columns(double from, double to) const {
    const double first = std::ceil((from - grid_.first_x) / grid_.step),
                 last = std::floor((to - grid_.first_x) / grid_.step) + 1;
    return {int(std::clamp(first, 0.0, double(grid_.width))),
            int(std::clamp(last, 0.0, double(grid_.width)))};
  }
  float inside(double at, double half, float per_cell) const {
    return step_(float(at + half) * per_cell) - step_(float(at - half) * per_cell);
  }

  const PaintGrid& grid_;
  const SoftStep& step_;
};

}  // namespace

Image<Half> paint_chart(const ChartLayout& layout, const Weights& weights, const PaintGrid& grid) {
  const Color background = seen(layout.background, weights);
  std::vector<Color> patches, disks;
  for (const ChartPatch& p : layout.patches) patches.push_back(seen(p.reflectance, weights));
  for (const ChartDisk& d : layout.disks) disks.push_back(seen(d.reflectance, weights));
  const Color mean = seen(Spectrum::constant(layout.star.mean), weights),
              amplitude = seen(Spectrum::constant(layout.star.amplitude), weights);
  const SoftStep step;
  const Painter painter(grid, step);
  Image<Half> picture(grid.width, grid.height, 3);
  parallel_blocks(grid.height, 16, [&](int first, int last) {
    Row row;
    for (auto& plane : row.plane) plane.resize(grid.width);
    for (int y = first; y < last; ++y) {
      row.y = grid.first_y + grid.step * y;
      for (int c = 0; c < 3; ++c)
        std::fill(row.plane[c].begin(), row.plane[c].end(), background[c]);
      for (std::size_t i = 0; i < patches.size(); ++i)
        painter.patch(layout.patches[i], patches[i], row);
      for (std::size_t i = 0; i < disks.size(); ++i) painter.disk(layout.disks[i], disks[i], row);
      if (layout.star.cycles > 0) painter.star(layout.star, mean, amplitude, row);
      for (int c = 0; c < 3; ++c) {
        const float* from = row.plane[c].data();
        Half* to = picture.row(y, c);
        for (int x = 0; x < grid.width; ++x) to[x] = half_from(from[x]);
      }
    }
  });
  return picture;
}

}  // namespace lichtbild
