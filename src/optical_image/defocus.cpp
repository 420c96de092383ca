#include "optical_image/defocus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/invariant.h"
#include "core/parallel.h"
#include "optical_image/disk.h"

namespace lichtbild {
namespace {

// In cells: what is in front by less than this lets nothing through.
constexpr double sharp = 0.5;

// Layers of equal blur, front to back: signed radii in cells, half a cell or an eighth apart.
std::vector<double> layer_radii(double front, double back) {
  std::vector<double> radii{front};
  while (radii.back() > back) {
    const double step = std::max(0.5, std::abs(radii.back()) / 8);
    radii.push_back(std::max(radii.back() - step, back));
  }
  return radii;
}

std::uint16_t nearest_layer(const std::vector<double>& radii, double radius) {
  const auto behind = std::ranges::lower_bound(radii, radius, std::greater());
  if (behind == radii.begin()) return 0;
  const auto i = std::min(std::size_t(behind - radii.begin()), radii.size() - 1);
  return std::uint16_t(radii[i - 1] - radius < radius - radii[i] ? i - 1 : i);
}

struct Layers {
  std::vector<double> radii;
  Image<std::uint16_t> of_cell;
  double largest() const { return std::max(std::abs(radii.front()), std::abs(radii.back())); }
};

Layers layers_of(const Image<float>& distance_mm, const PaintGrid& grid, const LensProfile& lens) {
  const auto [nearest, farthest] = std::ranges::minmax(distance_mm.samples());
  const auto radius = [&](float mm) { return defocus_radius_px(lens, mm) / grid.step; };
  Layers layers{layer_radii(radius(nearest), radius(farthest)), {grid.width, grid.height}};
  parallel_rows(grid.height, [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < grid.width; ++x)
        layers.of_cell(x, y) = nearest_layer(layers.radii, radius(distance_mm(x, y)));
  });
  return layers;
}

// A part of the picture.
struct Part {
  int left, top, right, bottom;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// What a layer shows of itself, and what there is of it and behind it, near each cell.
struct Sight {
  Image<float> own, behind;
  std::array<Image<float>, 3> light;
};

// Averages over the layer's disk; where nothing of it lies within, of what lies within `wide`.
class Averager {
 public:
  Averager(double radius, double wide) : radius_(radius), wide_(wide) {}
  Image<float> operator()(const Image<float>& plane) const {
    constexpr float trace = 1e-3F;
    Image<float> out = averaged_over_disk(plane, radius_);
    if (wide_ == 0) return out;
    const Image<float> far = averaged_over_disk(plane, wide_);
    for (std::size_t i = 0; i < out.size(); ++i) out.samples()[i] += trace * far.samples()[i];
    return out;
  }

 private:
  double radius_, wide_;
};

Sight sight_of(const Image<Half>& ideal, const Layers& layers, std::uint16_t layer,
               const Part& part, double wide) {
  const auto plane = [&] { return Image<float>(part.width(), part.height()); };
  Image<float> own = plane(), behind = plane();
  std::array<Image<float>, 3> light{plane(), plane(), plane()};
  for (int y = 0; y < part.height(); ++y) {
    const std::uint16_t* of_cell = layers.of_cell.row(part.top + y) + part.left;
    for (int x = 0; x < part.width(); ++x) {
      own(x, y) = of_cell[x] == layer;
      behind(x, y) = of_cell[x] >= layer;
    }
    for (int c = 0; c < 3; ++c) {
      const Half* row = ideal.row(part.top + y, c) + part.left;
      for (int x = 0; x < part.width(); ++x)
        light[c](x, y) = own(x, y) != 0 ? float_from(row[x]) : 0;
    }
  }
  const Averager average(std::abs(layers.radii[layer]), wide);
  Sight sight{average(own), average(behind), {}};
  for (int c = 0; c < 3; ++c) sight.light[c] = average(light[c]);
  return sight;
}

// Front to back: of what the layers before let through, a layer takes the share that it is of all
// that is not in front of it.
void add_layer(const Sight& sight, Image<float>& through, std::array<Image<float>, 3>& sum) {
  for (std::size_t i = 0; i < through.size(); ++i) {
    const float own = sight.own.samples()[i], behind = sight.behind.samples()[i];
    if (!(own > 0) || !(behind > 0)) continue;
    const float share = std::min(own / behind, 1.F) * through.samples()[i];
    for (int c = 0; c < 3; ++c) sum[c].samples()[i] += share * sight.light[c].samples()[i] / own;
    through.samples()[i] -= share;
  }
}

// Which layers there are in a part, front to back.
std::vector<std::uint16_t> layers_in(const Layers& layers, const Part& part) {
  std::vector<bool> there(layers.radii.size());
  for (int y = part.top; y < part.bottom; ++y)
    for (int x = part.left; x < part.right; ++x) there[layers.of_cell(x, y)] = true;
  std::vector<std::uint16_t> in;
  for (std::size_t i = 0; i < there.size(); ++i)
    if (there[i]) in.push_back(std::uint16_t(i));
  return in;
}

// `around`: the part and what reaches into it.
void defocus_part(const Image<Half>& ideal, const Layers& layers, const Part& part,
                  const Part& around, Image<Half>& out) {
  Image<float> through(around.width(), around.height());
  through.fill(1);
  std::array<Image<float>, 3> sum;
  for (auto& plane : sum) {
    plane = Image<float>(around.width(), around.height());
    plane.fill(0);
  }
  // How far what is in front so far lets look around its border.
  double wide = 0;
  for (const std::uint16_t layer : layers_in(layers, around)) {
    add_layer(sight_of(ideal, layers, layer, around, wide), through, sum);
    const double radius = std::abs(layers.radii[layer]);
    if (radius > sharp) wide = std::max(wide, radius);
  }
  for (int c = 0; c < 3; ++c)
    for (int y = part.top; y < part.bottom; ++y)
      for (int x = part.left; x < part.right; ++x) {
        const int u = x - around.left, v = y - around.top;
        const float seen = 1 - through(u, v);
        out(x, y, c) = half_from(seen > 0 ? sum[c](u, v) / seen : 0);
      }
}

}  // namespace

double defocus_radius_px(const LensProfile& lens, double distance_mm) {
  const double focus = lens.object_distance_mm, f = lens.focal_length_mm;
  const double behind_mm = std::isfinite(focus) ? f * focus / (focus - f) : f;
  return f / lens.f_number * behind_mm * (1 / distance_mm - 1 / focus) / 2 * 1000 /
         lens.sensor.pixel_um;
}

Image<Half> defocused(const Image<Half>& ideal, const Image<float>& distance_mm,
                      const PaintGrid& grid, const LensProfile& lens) {
  invariant(ideal.width() == grid.width && ideal.height() == grid.height && ideal.planes() == 3 &&
            distance_mm.width() == grid.width && distance_mm.height() == grid.height);
  const Layers layers = layers_of(distance_mm, grid, lens);
  // Means of means reach farther than the disk; they start at the same cells in every part.
  const int halo = int(std::ceil(1.5 * layers.largest())) + 16;
  constexpr int size = 512, whole = 64;
  const int columns = (grid.width + size - 1) / size, rows = (grid.height + size - 1) / size;
  Image<Half> out(grid.width, grid.height, 3);
  parallel_blocks(columns * rows, 1, [&](int first, int last) {
    for (int i = first; i < last; ++i) {
      const int x = i % columns * size, y = i / columns * size;
      const Part part{x, y, std::min(x + size, grid.width), std::min(y + size, grid.height)};
      const Part around{
          std::max(0, x - halo) / whole * whole, std::max(0, y - halo) / whole * whole,
          std::min(part.right + halo, grid.width), std::min(part.bottom + halo, grid.height)};
      defocus_part(ideal, layers, part, around, out);
    }
  });
  return out;
}

}  // namespace lichtbild
