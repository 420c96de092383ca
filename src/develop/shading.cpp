#include "develop/shading.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/parallel.h"

namespace lichtbild {
namespace {

constexpr int cell =
    16;  // mosaic samples between the points at which gains are computed; linear in between

bool applies(const GainMap& map, int x, int y) {
  return x >= map.left && x < map.right && y >= map.top && y < map.bottom &&
         (x - map.left) % map.column_pitch == 0 && (y - map.top) % map.row_pitch == 0;
}

double gain_at(const GainMap& map, double x, double y) {
  const auto place = [](double position, double origin, double spacing, int count) {
    return spacing > 0 ? std::clamp((position - origin) / spacing, 0.0, double(count - 1)) : 0.0;
  };
  const double gx = place(x, map.origin_x, map.spacing_x, map.columns),
               gy = place(y, map.origin_y, map.spacing_y, map.rows);
  const int i = std::min(int(gx), std::max(map.columns - 2, 0)),
            j = std::min(int(gy), std::max(map.rows - 2, 0));
  const int i1 = std::min(i + 1, map.columns - 1), j1 = std::min(j + 1, map.rows - 1);
  const double ax = gx - i, ay = gy - j;
  const auto at = [&](int column, int row) {
    return double(map.gains[std::size_t(row) * map.columns + column]);
  };
  return (1 - ay) * ((1 - ax) * at(i, j) + ax * at(i1, j)) +
         ay * ((1 - ax) * at(i, j1) + ax * at(i1, j1));
}

double vignette_gain(const RadialVignette& v, double x, double y, int width, int height) {
  const double cx = v.center_x * width, cy = v.center_y * height;
  const double farthest = std::hypot(std::max(cx, width - cx), std::max(cy, height - cy));
  const double r2 = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (farthest * farthest);
  double gain = 0;
  for (int k = 4; k >= 0; --k) gain = (gain + v.k[k]) * r2;
  return 1 + gain;
}

using PlaceGains = std::array<double, 4>;

PlaceGains file_gains(const RawInfo& info, double x, double y) {
  PlaceGains gain{1, 1, 1, 1};
  for (int place = 0; place < 4; ++place) {
    for (const GainMap& map : info.lens.gain_maps)
      if (applies(map, map.left + ((place % 2 - map.left) & 1),
                  map.top + ((place / 2 - map.top) & 1)))
        gain[place] *= gain_at(map, x / info.width, y / info.height);
    if (info.lens.vignette)
      gain[place] *= vignette_gain(*info.lens.vignette, x, y, info.width, info.height);
  }
  return gain;
}

// Grid points lie on samples, the profile's radii run from corner to corner of the area.
PlaceGains profile_gains(const RawInfo& info, const LensProfile& lens, double x, double y) {
  constexpr double least = 0.01;  // of the light on the axis; less is as good as none
  const double radius =
      std::hypot(x + 0.5 - lens.center_x * info.width, y + 0.5 - lens.center_y * info.height) /
      (std::hypot(info.width, info.height) / 2);
  PlaceGains gain;
  for (int place = 0; place < 4; ++place)
    gain[place] =
        1 / std::max(lens.shading.at(int(info.cfa.at(place % 2, place / 2)), radius), least);
  return gain;
}

// The gains of the four places of the filter on a grid of cells.
Image<float> gain_grid(const RawInfo& info, double falloff_kept, const LensProfile* lens) {
  const int columns = (info.width + cell - 1) / cell + 1,
            rows = (info.height + cell - 1) / cell + 1;
  Image<float> grid(columns, rows, 4);
  const auto fill = [&](int j) {
    for (int i = 0; i < columns; ++i) {
      const double x = std::min(i * cell, info.width), y = std::min(j * cell, info.height);
      const PlaceGains gain = lens ? profile_gains(info, *lens, x, y) : file_gains(info, x, y);
      const double brightness = std::max((gain[0] + gain[1] + gain[2] + gain[3]) / 4, 1e-3);
      const double kept = std::pow(brightness, -falloff_kept);
      for (int place = 0; place < 4; ++place) grid(i, j, place) = float(gain[place] * kept);
    }
  };
  parallel_rows(rows, [&](int first, int last) {
    for (int j = first; j < last; ++j) fill(j);
  });
  return grid;
}

void multiply_row(float* row, const float* top_even, const float* bottom_even, const float* top_odd,
                  const float* bottom_odd, float ay, int width) {
  for (int x0 = 0, i = 0; x0 < width; x0 += cell, ++i) {
    const float even = top_even[i] + ay * (bottom_even[i] - top_even[i]);
    const float even_next = top_even[i + 1] + ay * (bottom_even[i + 1] - top_even[i + 1]);
    const float odd = top_odd[i] + ay * (bottom_odd[i] - top_odd[i]);
    const float odd_next = top_odd[i + 1] + ay * (bottom_odd[i + 1] - top_odd[i + 1]);
    const int count = std::min(cell, width - x0);
    for (int k = 0; k + 1 < count; k += 2) {
      row[x0 + k] *= even + (even_next - even) * (float(k) / cell);
      row[x0 + k + 1] *= odd + (odd_next - odd) * (float(k + 1) / cell);
    }
  }
}

}  // namespace

Image<float> undo_shading(Image<float>& mosaic, const RawInfo& info, double falloff_kept,
                          const LensProfile* lens) {
  if (lens ? lens->shading.radius.empty() : info.lens.gain_maps.empty() && !info.lens.vignette)
    return {};
  const Image<float> grid = gain_grid(info, falloff_kept, lens);
  parallel_rows(mosaic.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const int j = y / cell, place = (y & 1) * 2;
      multiply_row(mosaic.row(y), grid.row(j, place), grid.row(j + 1, place),
                   grid.row(j, place + 1), grid.row(j + 1, place + 1), float(y % cell) / cell,
                   mosaic.width());
    }
  });
  Image<float> brightness(grid.width(), grid.height());
  for (int j = 0; j < grid.height(); ++j)
    for (int i = 0; i < grid.width(); ++i)
      brightness(i, j) = (grid(i, j, 0) + grid(i, j, 1) + grid(i, j, 2) + grid(i, j, 3)) / 4;
  return brightness;
}

}  // namespace lichtbild
