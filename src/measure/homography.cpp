#include "measure/homography.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lichtbild {
namespace {

constexpr int unknowns = 8;
struct Normal {
  std::array<std::array<double, unknowns>, unknowns> a{};
  std::array<double, unknowns> b{};

  void add(const std::array<double, unknowns>& row, double value) {
    for (int i = 0; i < unknowns; ++i) {
      b[i] += row[i] * value;
      for (int j = 0; j < unknowns; ++j) a[i][j] += row[i] * row[j];
    }
  }
  // By elimination with pivots.
  std::optional<std::array<double, unknowns>> solved() {
    for (int k = 0; k < unknowns; ++k) {
      int pivot = k;
      for (int i = k + 1; i < unknowns; ++i)
        if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
      if (!(std::abs(a[pivot][k]) > 1e-10)) return {};
      std::swap(a[k], a[pivot]), std::swap(b[k], b[pivot]);
      for (int i = 0; i < unknowns; ++i) {
        if (i == k) continue;
        const double share = a[i][k] / a[k][k];
        for (int j = k; j < unknowns; ++j) a[i][j] -= share * a[k][j];
        b[i] -= share * b[k];
      }
    }
    std::array<double, unknowns> x;
    for (int k = 0; k < unknowns; ++k) x[k] = b[k] / a[k][k];
    return x;
  }
};

// Moves the points' mean to 0 and their mean distance from it to 1.
Matrix3 centering(const std::vector<Point>& points) {
  double x = 0, y = 0, distance = 0;
  for (const Point& p : points) x += p[0], y += p[1];
  x /= double(points.size()), y /= double(points.size());
  for (const Point& p : points) distance += std::hypot(p[0] - x, p[1] - y);
  const double s = double(points.size()) / std::max(distance, 1e-30);
  return {{s, 0, -s * x, 0, s, -s * y, 0, 0, 1}};
}

}  // namespace

std::optional<Matrix3> fitted_homography(const std::vector<Point>& from,
                                         const std::vector<Point>& to) {
  if (from.size() < 4 || from.size() != to.size()) return {};
  const Matrix3 center_from = centering(from), center_to = centering(to);
  Matrix3 h = Matrix3::identity();
  for (int pass = 0; pass < 6; ++pass) {
    Normal normal;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto [x, y] = seen(center_from, from[i]);
      const auto [u, v] = seen(center_to, to[i]);
      // The first pass weighs by the unknown depth, the others by the last one's.
      const double depth = pass == 0 ? 1 : h(2, 0) * x + h(2, 1) * y + 1, w = 1 / depth;
      normal.add({x * w, y * w, w, 0, 0, 0, -u * x * w, -u * y * w}, u * w);
      normal.add({0, 0, 0, x * w, y * w, w, -v * x * w, -v * y * w}, v * w);
    }
    const auto x = normal.solved();
    if (!x) return {};
    for (int k = 0; k < unknowns; ++k) h.m[k] = (*x)[k];
  }
  return center_to.inverse() * h * center_from;
}

}  // namespace lichtbild
