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

// Layers of equal blur, front to back: signed radii in cells, half a cell or a sixteenth apart.
std::vector<double> layer_radii(double front, double back) {
  std::vector<double> radii{front};
  while (radii.back() > back) {
    const double step = std::max(0.5, std::abs(radii.back()) / 16);
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

// Rows of the picture with those around them that reach into them.
struct Band {
  int first, last;  // of the rows asked for
  int top, bottom;  // of all
  int rows() const { return bottom - top; }
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
               const Band& band, double wide) {
  Image<float> own(ideal.width(), band.rows()), behind(ideal.width(), band.rows());
  std::array<Image<float>, 3> light;
  for (auto& plane : light) plane = Image<float>(ideal.width(), band.rows());
  for (int y = 0; y < band.rows(); ++y) {
    const std::uint16_t* of_cell = layers.of_cell.row(band.top + y);
    for (int x = 0; x < ideal.width(); ++x) {
      own(x, y) = of_cell[x] == layer;
      behind(x, y) = of_cell[x] >= layer;
    }
    for (int c = 0; c < 3; ++c) {
      const Half* row = ideal.row(band.top + y, c);
      for (int x = 0; x < ideal.width(); ++x)
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

bool has_layer(const Layers& layers, std::uint16_t layer, const Band& band) {
  const std::uint16_t* begin = layers.of_cell.row(band.top);
  return std::find(begin, begin + std::size_t(layers.of_cell.width()) * band.rows(), layer) !=
         begin + std::size_t(layers.of_cell.width()) * band.rows();
}

void defocus_band(const Image<Half>& ideal, const Layers& layers, const Band& band,
                  Image<Half>& out) {
  Image<float> through(ideal.width(), band.rows());
  through.fill(1);
  std::array<Image<float>, 3> sum;
  for (auto& plane : sum) {
    plane = Image<float>(ideal.width(), band.rows());
    plane.fill(0);
  }
  // How far what is in front so far lets look around its border.
  double wide = 0;
  for (std::size_t i = 0; i < layers.radii.size(); ++i) {
    const auto layer = std::uint16_t(i);
    if (!has_layer(layers, layer, band)) continue;
    add_layer(sight_of(ideal, layers, layer, band, wide), through, sum);
    if (std::abs(layers.radii[i]) > sharp) wide = std::max(wide, std::abs(layers.radii[i]));
  }
  for (int c = 0; c < 3; ++c)
    for (int y = band.first; y < band.last; ++y) {
      Half* to = out.row(y, c);
      for (int x = 0; x < ideal.width(); ++x) {
        const float seen = 1 - through(x, y - band.top);
        to[x] = half_from(seen > 0 ? sum[c](x, y - band.top) / seen : 0);
      }
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
  // Means of means reach a little farther than the disk.
  const int halo = int(std::ceil(2 * layers.largest())) + 8;
  constexpr int rows = 256;
  Image<Half> out(grid.width, grid.height, 3);
  parallel_blocks((grid.height + rows - 1) / rows, 1, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      Band band{i * rows, std::min((i + 1) * rows, grid.height), 0, 0};
      // Even rows start the band, so that means of four are the same in each.
      band.top = std::max(0, band.first - halo) / 64 * 64;
      band.bottom = std::min(grid.height, band.last + halo);
      defocus_band(ideal, layers, band, out);
    }
  });
  return out;
}

}  // namespace lichtbild
