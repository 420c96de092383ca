#include "develop/geometry.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/lanczos.h"
#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

constexpr int reach = lanczos_support / 2;  // samples to either side
constexpr int phases = 256;                 // fractions of a sample at which the taps are tabulated
constexpr int lanes = 8;                    // of a vector that holds a row of taps
constexpr int tile = 64;
constexpr int knot = 8;  // places are computed at every 8th sample: linear between to 0.003 samples
constexpr int knots = tile / knot + 1;

using Lanes = float __attribute__((vector_size(lanes * sizeof(float))));

inline float lesser(float a, float b) { return a < b ? a : b; }
inline float greater(float a, float b) { return a > b ? a : b; }

struct TapTable {
  alignas(64) float taps[phases + 1][lanes];
};

const TapTable& tap_table() {
  static const TapTable table = [] {
    TapTable t{};
    for (int p = 0; p <= phases; ++p) {
      const auto taps = lanczos_taps(double(p) / phases);
      std::copy(taps.begin(), taps.end(), t.taps[p]);
    }
    return t;
  }();
  return table;
}

// The recorded samples around a tile as floats, its border repeated outwards.
struct Source {
  std::vector<float> samples;
  int first_x = 0, first_y = 0, stride = 0;
};

struct Places {
  float x[tile][knots], y[tile][knots];
  float low_x, high_x, low_y, high_y;  // of those that lie in the picture
};

void find_places(const StraightGeometry& geometry, int plane, int x0, int y0, int width, int height,
                 int rows, Places& places) {
  places.low_x = places.low_y = INFINITY;
  places.high_x = places.high_y = -INFINITY;
  for (int y = 0; y < rows; ++y)
    for (int k = 0; k < knots; ++k) {
      const Point from = geometry.recorded(plane, {double(x0 + k * knot), double(y0 + y)});
      places.x[y][k] = float(from.x), places.y[y][k] = float(from.y);
      const float x = std::clamp(float(from.x), 0.0f, width - 1.0f),
                  v = std::clamp(float(from.y), 0.0f, height - 1.0f);
      places.low_x = std::min(places.low_x, x), places.high_x = std::max(places.high_x, x);
      places.low_y = std::min(places.low_y, v), places.high_y = std::max(places.high_y, v);
    }
}

LICHTBILD_VECTOR_CLONES
void convert(const Half* from, float* to, int count) {
  for (int i = 0; i < count; ++i) to[i] = float_from(from[i]);
}

void fetch(const Image<Half>& picture, const Crop& active, int plane, const Places& places,
           Source& source) {
  source.first_x = int(places.low_x) - reach + 1, source.first_y = int(places.low_y) - reach + 1;
  const int last_x = int(places.high_x) + reach, last_y = int(places.high_y) + reach;
  source.stride = last_x - source.first_x + 1;
  // A vector of taps reads two samples more than it weighs.
  source.samples.assign(std::size_t(source.stride) * (last_y - source.first_y + 1) + lanes, 0);
  const int from = std::clamp(source.first_x, 0, active.width - 1),
            to = std::clamp(last_x, 0, active.width - 1);
  for (int y = source.first_y; y <= last_y; ++y) {
    const Half* row = picture.row(active.y + std::clamp(y, 0, active.height - 1), plane) + active.x;
    float* out = source.samples.data() + std::size_t(y - source.first_y) * source.stride;
    convert(row + from, out + from - source.first_x, to - from + 1);
    for (int x = source.first_x; x < from; ++x)
      out[x - source.first_x] = out[from - source.first_x];
    for (int x = to + 1; x <= last_x; ++x) out[x - source.first_x] = out[to - source.first_x];
  }
}

struct Looked {
  int sample[tile], phase_x[tile], phase_y[tile];
};

// The samples before a row's places, and the phases there.
LICHTBILD_VECTOR_CLONES
void look(const Source& source, const Places& places, int y, Looked& at) {
  const int first_x = source.first_x, first_y = source.first_y, stride = source.stride;
  const float low_x = places.low_x, high_x = places.high_x, low_y = places.low_y,
              high_y = places.high_y;
  for (int k = 0; k + 1 < knots; ++k) {
    const float start_x = places.x[y][k], start_y = places.y[y][k];
    const float step_x = (places.x[y][k + 1] - start_x) * (1.0f / knot),
                step_y = (places.y[y][k + 1] - start_y) * (1.0f / knot);
    for (int i = 0; i < knot; ++i) {
      // Places outside move to the border.
      const float px = start_x + float(i) * step_x, py = start_y + float(i) * step_y;
      const float x = lesser(greater(px, low_x), high_x) - float(first_x),
                  v = lesser(greater(py, low_y), high_y) - float(first_y);
      const int column = int(x), row = int(v);
      at.sample[k * knot + i] = (row - reach + 1) * stride + column - reach + 1;
      at.phase_x[k * knot + i] = int((x - float(column)) * phases + 0.5f);
      at.phase_y[k * knot + i] = int((v - float(row)) * phases + 0.5f);
    }
  }
}

LICHTBILD_VECTOR_CLONES
void resample(const Source& source, const Looked& at, const TapTable& table, float* out) {
  const std::ptrdiff_t stride = source.stride;
  const float* samples = source.samples.data();
  for (int i = 0; i < tile; ++i) {
    const float *wx = table.taps[at.phase_x[i]], *wy = table.taps[at.phase_y[i]],
                *from = samples + at.sample[i];
    Lanes line[lanczos_support], across;
    for (int j = 0; j < lanczos_support; ++j)
      std::memcpy(&line[j], from + j * stride, sizeof(Lanes));
    std::memcpy(&across, wx, sizeof across);
    Lanes sum = ((wy[0] * line[0] + wy[1] * line[1]) + (wy[2] * line[2] + wy[3] * line[3])) +
                (wy[4] * line[4] + wy[5] * line[5]);
    sum *= across;
    sum += __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 0, 1, 2, 3);
    sum += __builtin_shufflevector(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5);
    const float value = sum[0] + sum[1];
    // The four samples around the point bound the result.
    const float *near = from + (reach - 1) * stride + reach - 1, *below = near + stride;
    const float low = lesser(lesser(near[0], near[1]), lesser(below[0], below[1])),
                high = greater(greater(near[0], near[1]), greater(below[0], below[1]));
    const float slack = 0.25f * (high - low);
    out[i] = lesser(greater(value, low - slack), high + slack);
  }
}

LICHTBILD_VECTOR_CLONES
void multiply(const float* const in[3], const float* row, int count, Half* out) {
  for (int i = 0; i < count; ++i)
    out[i] = half_from(row[0] * in[0][i] + row[1] * in[1][i] + row[2] * in[2][i]);
}

}  // namespace

StraightGeometry::StraightGeometry(const RectilinearWarp& warp, int width, int height)
    : center_{warp.center_x * (width - 1), warp.center_y * (height - 1)} {
  const double farthest = std::hypot(std::max(center_.x, width - 1 - center_.x),
                                     std::max(center_.y, height - 1 - center_.y));
  per_unit_ = farthest > 0 ? 1 / farthest : 0;  // a picture of one sample
  look_at(width, height);
  for (int plane = 0; plane < 3; ++plane) {
    const auto& k = warp.planes[warp.planes.size() == 1 ? 0 : plane];
    tangential_[plane] = {k[4], k[5]};
    for (int i = 0; i <= entries; ++i) {
      const double r2 = farthest_r2_ * i / entries;
      ratio_[plane].push_back(k[0] + r2 * (k[1] + r2 * (k[2] + r2 * k[3])));
    }
  }
  if (farthest == 0) per_unit_ = 1, ratio_.fill(std::vector<double>(entries + 1, 1));
}

StraightGeometry::StraightGeometry(const LensProfile& lens, int width, int height)
    : center_{lens.center_x * width - 0.5, lens.center_y * height - 0.5},
      per_unit_(2 / std::hypot(width, height)) {
  look_at(width, height);
  const double scale = corrected_scale(lens);
  for (int plane = 0; plane < 3; ++plane)
    for (int i = 0; i <= entries; ++i) {
      const double r = i > 0 ? std::sqrt(farthest_r2_ * i / entries) : 1e-4;
      ratio_[plane].push_back(lens.geometry.real_from_ideal(plane, scale * r) / r);
    }
}

void StraightGeometry::look_at(int width, int height) {
  const double dx = std::max(center_.x, width - center_.x),
               dy = std::max(center_.y, height - center_.y);
  farthest_r2_ = std::max((dx * dx + dy * dy) * per_unit_ * per_unit_, 1e-12);
}

Image<Half> straightened(const Image<Half>& picture, const Crop& active,
                         const StraightGeometry& geometry, const Matrix3& matrix,
                         const Crop& shown) {
  invariant(picture.planes() == 3);
  Image<Half> out(shown.width, shown.height, 3);
  const TapTable& table = tap_table();
  parallel_blocks(shown.height, tile, [&](int first, int last) {
    Source source;
    Looked at;
    const auto places = std::make_unique<Places>();
    std::array<std::vector<float>, 3> camera;
    for (auto& plane : camera) plane.resize(tile * tile);
    for (int x = 0; x < shown.width; x += tile) {
      for (int plane = 0; plane < 3; ++plane) {
        find_places(geometry, plane, shown.x + x, shown.y + first, active.width, active.height,
                    last - first, *places);
        fetch(picture, active, plane, *places, source);
        for (int y = 0; y < last - first; ++y) {
          look(source, *places, y, at);
          resample(source, at, table, camera[plane].data() + y * tile);
        }
      }
      for (int y = first; y < last; ++y)
        for (int plane = 0; plane < 3; ++plane) {
          const int row_at = (y - first) * tile;
          const float* const in[] = {camera[0].data() + row_at, camera[1].data() + row_at,
                                     camera[2].data() + row_at};
          const float row[] = {float(matrix(plane, 0)), float(matrix(plane, 1)),
                               float(matrix(plane, 2))};
          multiply(in, row, std::min(tile, shown.width - x), out.row(y, plane) + x);
        }
    }
  });
  return out;
}

}  // namespace lichtbild
