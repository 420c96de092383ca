#include "develop/geometry.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "core/vector_clones.h"
#include "develop/resampler.h"

namespace lichtbild {
namespace {

constexpr int table_entries = 4096;

double farthest_corner(double center_x, double center_y, int width, int height) {
  return std::hypot(std::max(center_x, width - 1 - center_x),
                    std::max(center_y, height - 1 - center_y));
}

// The table of ratio(r) up to the farthest corner.
template <class Ratio>
void tabulate(RecordedPlaces& places, int width, int height, const Ratio& ratio) {
  const double farthest =
      farthest_corner(places.center_x, places.center_y, width, height) / places.unit_px;
  const double squared = std::max(1.001 * farthest * farthest, 1e-12);
  places.entries_per_square = float(table_entries / squared);
  places.ratio.resize(table_entries + 2);
  for (int i = 0; i < table_entries + 2; ++i)
    places.ratio[i] = float(ratio(std::sqrt(squared * i / table_entries)));
}

// RecordedPlaces::at for the samples x, x + step ... of row y.
LICHTBILD_VECTOR_CLONES
void find_places(const RecordedPlaces& places, int x, int step, int y, int count, float* at_x,
                 float* at_y) {
  const float* ratio = places.ratio.data();
  const int last = int(places.ratio.size()) - 2;
  const double end = last + 1, per_px = 1 / places.unit_px, entries = places.entries_per_square;
  const double tx = places.tangential_x, ty = places.tangential_y;
  const double dy = (y - places.center_y) * per_px, dx0 = (x - places.center_x) * per_px;
  for (int i = 0; i < count; ++i) {
    const double dx = dx0 + i * step * per_px, r2 = dx * dx + dy * dy;
    const double beyond = r2 * entries, entry = beyond < end ? beyond : end;
    const int at = int(entry), k = at < last ? at : last;
    const double radial = ratio[k] + (entry - k) * (ratio[k + 1] - ratio[k]);
    at_x[i] = float(places.center_x +
                    places.unit_px * (radial * dx + 2 * ty * dx * dy + tx * (r2 + 2 * dx * dx)));
    at_y[i] = float(places.center_y +
                    places.unit_px * (radial * dy + 2 * tx * dx * dy + ty * (r2 + 2 * dy * dy)));
  }
}

LICHTBILD_VECTOR_CLONES
void matrix_row(const Matrix3& matrix, const float* const* in, int count, Half* const* out) {
  for (int c = 0; c < 3; ++c) {
    const auto a = float(matrix(c, 0)), b = float(matrix(c, 1)), d = float(matrix(c, 2));
    const float *red = in[0], *green = in[1], *blue = in[2];
    Half* to = out[c];
    for (int x = 0; x < count; ++x) to[x] = half_from(a * red[x] + b * green[x] + d * blue[x]);
  }
}

}  // namespace

Point warped(const RectilinearWarp& warp, int plane, Point p, int width, int height) {
  const auto& k = warp.planes[warp.planes.size() == 1 ? 0 : plane];
  const double cx = warp.center_x * (width - 1), cy = warp.center_y * (height - 1);
  const double farthest = farthest_corner(cx, cy, width, height);
  if (farthest == 0) return p;  // a picture of one sample
  const double dx = (p.x - cx) / farthest, dy = (p.y - cy) / farthest, r2 = dx * dx + dy * dy;
  const double radial = k[0] + r2 * (k[1] + r2 * (k[2] + r2 * k[3]));
  const double tx = 2 * k[4] * dx * dy + k[5] * (r2 + 2 * dx * dx),
               ty = 2 * k[5] * dx * dy + k[4] * (r2 + 2 * dy * dy);
  return {cx + farthest * (radial * dx + tx), cy + farthest * (radial * dy + ty)};
}

RecordedPlaces recorded_places(const RectilinearWarp& warp, int plane, int width, int height) {
  const auto& k = warp.planes[warp.planes.size() == 1 ? 0 : plane];
  RecordedPlaces places;
  places.center_x = warp.center_x * (width - 1);
  places.center_y = warp.center_y * (height - 1);
  places.unit_px = std::max(farthest_corner(places.center_x, places.center_y, width, height), 1e-6);
  places.tangential_y = k[4];
  places.tangential_x = k[5];
  tabulate(places, width, height, [&](double r) {
    const double r2 = r * r;
    return k[0] + r2 * (k[1] + r2 * (k[2] + r2 * k[3]));
  });
  return places;
}

std::array<RecordedPlaces, 3> recorded_places(const LensProfile& lens, int width, int height) {
  const double scale = corrected_scale(lens);
  std::array<RecordedPlaces, 3> out;
  for (int c = 0; c < 3; ++c) {
    RecordedPlaces& places = out[c];
    places.center_x = lens.center_x * width - 0.5;
    places.center_y = lens.center_y * height - 0.5;
    places.unit_px = std::hypot(width, height) / 2;
    const CenterOfLight center(lens, c);
    tabulate(places, width, height, [&](double r) {
      const double shown = std::max(r, 1e-4);
      return center.from_ideal(scale * shown) / shown;
    });
  }
  return out;
}

Point RecordedPlaces::at(Point shown) const {
  const double dx = (shown.x - center_x) / unit_px, dy = (shown.y - center_y) / unit_px,
               r2 = dx * dx + dy * dy;
  const auto last = int(ratio.size()) - 2;
  // What is no number is as good as beyond the table.
  const double beyond = r2 * entries_per_square, end = last + 1.0;
  const double entry = beyond < end ? beyond : end;
  const int k = std::min(int(entry), last);
  const double radial = ratio[k] + (entry - k) * (ratio[k + 1] - ratio[k]);
  return {center_x + unit_px * (radial * dx + 2 * tangential_y * dx * dy +
                                tangential_x * (r2 + 2 * dx * dx)),
          center_y + unit_px * (radial * dy + 2 * tangential_x * dx * dy +
                                tangential_y * (r2 + 2 * dy * dy))};
}

void RecordedPlaces::row(int first, int count, int y, float* at_x, float* at_y) const {
  // Some places by the table, straight lines between: to a thousandth of a sample.
  constexpr int step = Resampler::straight;
  const int nodes = (count + step - 1) / step + 1;
  std::vector<float> node_x(nodes), node_y(nodes);
  find_places(*this, first, step, y, nodes, node_x.data(), node_y.data());
  for (int i = 0; i + 1 < nodes; ++i, at_x += step, at_y += step) {
    const float across = (node_x[i + 1] - node_x[i]) / step,
                down = (node_y[i + 1] - node_y[i]) / step;
    for (int k = 0; k < std::min(step, count - i * step); ++k) {
      at_x[k] = node_x[i] + float(k) * across;
      at_y[k] = node_y[i] + float(k) * down;
    }
  }
}

Image<Half> straightened(const ActiveArea& recorded, const RecordedPlaces& places,
                         const Matrix3& matrix, const Crop& shown) {
  const Resampler resampler;
  Image<Half> straight(shown.width, shown.height, 3);
  // Tiles whose samples stay in the second-level cache from row to row.
  constexpr int rows = 32, columns = 512;
  static_assert(columns % Resampler::block == 0);
  parallel_blocks(shown.height, rows, [&](int first, int last) {
    std::vector<float> at_x(columns), at_y(columns), value(3 * columns);
    RecordedPlanes planes{
        {}, recorded.picture.width(), recorded.place.width, recorded.place.height};
    for (int c = 0; c < 3; ++c)
      planes.first[c] = recorded.picture.row(recorded.place.y, c) + recorded.place.x;
    const std::array<float*, 3> in{&value[0], &value[columns], &value[2 * columns]};
    for (int x = 0; x < shown.width; x += columns) {
      const int count = std::min(columns, shown.width - x);
      const std::size_t whole =
          (count + Resampler::block - 1) / Resampler::block * Resampler::block;
      for (int y = first; y < last; ++y) {
        places.row(shown.x + x, int(whole), shown.y + y, at_x.data(), at_y.data());
        resampler.row(planes, {at_x.data(), whole}, {at_y.data(), whole}, in);
        Half* const out[] = {straight.row(y, 0) + x, straight.row(y, 1) + x,
                             straight.row(y, 2) + x};
        matrix_row(matrix, in.data(), count, out);
      }
    }
  });
  return straight;
}

}  // namespace lichtbild
