#include "measure/even_regions.h"

#include <cmath>

#include "core/parallel.h"

namespace lichtbild {
namespace {

// 1 where the picture is even, 0 elsewhere and at the border.
std::vector<char> even_pixels(const Image<float>& picture, float change) {
  const int width = picture.width(), height = picture.height();
  std::vector<char> even(std::size_t(width) * height, 0);
  parallel_rows(height - 2, [&](int first, int last) {
    for (int y = first + 1; y < last + 1; ++y) {
      char* out = even.data() + std::size_t(y) * width;
      for (int x = 1; x + 1 < width; ++x) {
        float steepest = 0;
        for (int plane = 0; plane < picture.planes(); ++plane) {
          const float dx = picture.row(y, plane)[x + 1] - picture.row(y, plane)[x - 1],
                      dy = picture.row(y + 1, plane)[x] - picture.row(y - 1, plane)[x];
          steepest = std::max(steepest, dx * dx + dy * dy);
        }
        out[x] = steepest < 4 * change * change;
      }
    }
  });
  return even;
}

bool is_compact(double area, double xx, double xy, double yy) {
  const double root = std::sqrt(std::max(0.0, xx * yy - xy * xy));
  const double half = (xx + yy) / 2, spread = std::sqrt(std::max(0.0, half * half - root * root));
  const double fill = area / (12 * root);  // 1 for parallelograms, 1.05 for ellipses
  return fill > 0.88 && fill < 1.07 && half + spread < 9 * (half - spread);
}

}  // namespace

std::vector<EvenRegion> even_regions(const Image<float>& picture, float change) {
  const int width = picture.width();
  if (width < 3 || picture.height() < 3) return {};
  std::vector<char> even = even_pixels(picture, change);
  const double largest = double(even.size()) / 20;
  std::vector<EvenRegion> regions;
  std::vector<int> stack;
  for (int seed = 0; seed < int(even.size()); ++seed) {
    if (!even[seed]) continue;
    double area = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    const int x0 = seed % width, y0 = seed / width;
    stack.assign(1, seed);
    even[seed] = 0;
    while (!stack.empty()) {
      const int i = stack.back();
      stack.pop_back();
      const int column = i % width, row = i / width;
      const double dx = column - x0, dy = row - y0;
      area += 1, x += dx, y += dy, xx += dx * dx, xy += dx * dy, yy += dy * dy;
      for (const int j : {i - 1, i + 1, i - width, i + width})
        if (even[j]) even[j] = 0, stack.push_back(j);
    }
    if (area < 20 || area > largest) continue;
    x /= area, y /= area;
    if (is_compact(area, xx / area - x * x + 1.0 / 12, xy / area - x * y,
                   yy / area - y * y + 1.0 / 12))
      regions.push_back({{x0 + x, y0 + y}, area});
  }
  return regions;
}

}  // namespace lichtbild
