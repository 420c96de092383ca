#include "develop/geometry.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/lanczos.h"
#include "core/parallel.h"

namespace lichtbild {
namespace {

constexpr int reach = lanczos_support / 2;  // samples to either side
constexpr int phases = 64;                  // fractions of a sample at which the taps are tabulated

using Taps = std::array<float, lanczos_support>;

const std::array<Taps, phases + 1>& lanczos_table() {
  static const auto table = [] {
    std::array<Taps, phases + 1> t{};
    for (int p = 0; p <= phases; ++p) t[p] = lanczos_taps(double(p) / phases);
    return t;
  }();
  return table;
}

float resampled(const Image<float>& picture, int plane, double x, double y) {
  x = std::clamp(x, 0.0, picture.width() - 1.0);
  y = std::clamp(y, 0.0, picture.height() - 1.0);
  const int x0 = int(x), y0 = int(y);
  constexpr double nearest = 0.5;
  const Taps& wx = lanczos_table()[int((x - x0) * phases + nearest)];
  const Taps& wy = lanczos_table()[int((y - y0) * phases + nearest)];
  float sum = 0, low = INFINITY, high = -INFINITY;
  for (int j = 0; j < 2 * reach; ++j) {
    const float* row = picture.row(std::clamp(y0 + j - reach + 1, 0, picture.height() - 1), plane);
    float line = 0;
    for (int i = 0; i < 2 * reach; ++i) {
      const float s = row[std::clamp(x0 + i - reach + 1, 0, picture.width() - 1)];
      line += wx[i] * s;
      // The four samples around the point bound the result.
      if ((i == reach - 1 || i == reach) && (j == reach - 1 || j == reach)) {
        low = std::min(low, s);
        high = std::max(high, s);
      }
    }
    sum += wy[j] * line;
  }
  const float slack = 0.25f * (high - low);
  return std::clamp(sum, low - slack, high + slack);
}

}  // namespace

Point warped(const RectilinearWarp& warp, int plane, Point p, int width, int height) {
  const auto& k = warp.planes[warp.planes.size() == 1 ? 0 : plane];
  const double cx = warp.center_x * (width - 1), cy = warp.center_y * (height - 1);
  const double farthest = std::hypot(std::max(cx, width - 1 - cx), std::max(cy, height - 1 - cy));
  if (farthest == 0) return p;  // a picture of one sample
  const double dx = (p.x - cx) / farthest, dy = (p.y - cy) / farthest, r2 = dx * dx + dy * dy;
  const double radial = k[0] + r2 * (k[1] + r2 * (k[2] + r2 * k[3]));
  const double tx = 2 * k[4] * dx * dy + k[5] * (r2 + 2 * dx * dx),
               ty = 2 * k[5] * dx * dy + k[4] * (r2 + 2 * dy * dy);
  return {cx + farthest * (radial * dx + tx), cy + farthest * (radial * dy + ty)};
}

Image<float> undo_warp(const Image<float>& picture, const RectilinearWarp& warp) {
  Image<float> straight(picture.width(), picture.height(), picture.planes());
  for (int plane = 0; plane < picture.planes(); ++plane)
    parallel_rows(picture.height(), [&](int first, int last) {
      for (int y = first; y < last; ++y)
        for (int x = 0; x < picture.width(); ++x) {
          const Point from =
              warped(warp, plane, {double(x), double(y)}, picture.width(), picture.height());
          straight(x, y, plane) = resampled(picture, plane, from.x, from.y);
        }
    });
  return straight;
}

}  // namespace lichtbild
