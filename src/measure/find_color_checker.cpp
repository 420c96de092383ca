#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "measure/channel.h"
#include "measure/color_checker.h"
#include "measure/patch_lattice.h"

namespace lichtbild {
namespace {

// Square roots of light over the brightest per plane, means of cells.
Image<float> roots_of_cells(const Image<float>& picture, int cell) {
  const int width = picture.width() / cell, height = picture.height() / cell;
  Image<float> out(width, height, picture.planes());
  for (int plane = 0; plane < picture.planes(); ++plane) {
    Image<float> one(picture.width(), picture.height());
    std::copy_n(picture.row(0, plane), one.size(), one.row(0));
    one = gaussian_blurred(gray_cells(one, cell).value, 0.8);
    std::vector<float> sorted(one.samples().begin(), one.samples().end());
    const auto high = sorted.begin() + long(double(sorted.size() - 1) * 0.98);
    std::nth_element(sorted.begin(), high, sorted.end());
    const float scale = 1 / std::max(*high, 1e-9F);
    float* to = out.row(0, plane);
    for (std::size_t i = 0; i < one.size(); ++i)
      to[i] = std::sqrt(std::clamp(one.samples()[i] * scale, 0.0F, 1.5F));
  }
  return out;
}

struct Patch {
  Vector3 mean{}, deviation{};
};

// The middle half (in width and height) of a patch; nothing where it leaves the picture.
std::optional<Patch> patch_at(const Image<float>& picture, const Matrix3& h, double column,
                              double row) {
  constexpr double reach = 0.21;
  double low_x = 1e30, high_x = -1e30, low_y = 1e30, high_y = -1e30;
  for (const double c : {-reach, reach})
    for (const double r : {-reach, reach}) {
      const auto [x, y] = seen(h, {column + c, row + r});
      low_x = std::min(low_x, x), high_x = std::max(high_x, x);
      low_y = std::min(low_y, y), high_y = std::max(high_y, y);
    }
  if (!(low_x >= 0 && low_y >= 0 && high_x <= picture.width() - 1 &&
        high_y <= picture.height() - 1))
    return {};
  const Matrix3 back = h.inverse();
  Vector3 sum{}, squares{};
  int count = 0;
  for (int y = int(std::ceil(low_y)); y <= high_y; ++y)
    for (int x = int(std::ceil(low_x)); x <= high_x; ++x) {
      const auto [c, r] = seen(back, {double(x), double(y)});
      if (std::abs(c - column) > reach || std::abs(r - row) > reach) continue;
      ++count;
      for (int plane = 0; plane < 3; ++plane) {
        const double v = picture(x, y, plane);
        sum[plane] += v, squares[plane] += v * v;
      }
    }
  if (count < 2) return {};
  Patch patch;
  for (int c = 0; c < 3; ++c) {
    patch.mean[c] = sum[c] / count;
    patch.deviation[c] =
        std::sqrt(std::max(0.0, (squares[c] - sum[c] * patch.mean[c]) / (count - 1)));
  }
  return patch;
}

// How much of the variance of XYZ a 3x3 matrix and an offset (glare, a black level) explain,
// patches weighed as lightness does: 1 / (Y + 0.05)^2.
double likeness_of(PatchColors rgb, PatchColors xyz) {
  std::array<double, checker_patches> weight;
  double weights = 0;
  Vector3 rgb_mean{}, xyz_mean{};
  for (int i = 0; i < checker_patches; ++i) {
    weights += weight[i] = std::pow(xyz[i][1] + 0.05, -2);
    for (int c = 0; c < 3; ++c)
      rgb_mean[c] += weight[i] * rgb[i][c], xyz_mean[c] += weight[i] * xyz[i][c];
  }
  Matrix3 square{}, product{};
  for (int i = 0; i < checker_patches; ++i) {
    for (int c = 0; c < 3; ++c)
      rgb[i][c] -= rgb_mean[c] / weights, xyz[i][c] -= xyz_mean[c] / weights;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) {
        square(a, b) += weight[i] * rgb[i][a] * rgb[i][b];
        product(a, b) += weight[i] * xyz[i][a] * rgb[i][b];
      }
  }
  const double size = (square(0, 0) + square(1, 1) + square(2, 2)) / 3;
  if (!(size > 0)) return 0;
  for (double& v : square.m) v /= size;
  for (double& v : product.m) v /= size;
  for (int a = 0; a < 3; ++a) square(a, a) += 1e-6;
  const Matrix3 fit = product * square.inverse();
  double residual = 0, variance = 0;
  for (int i = 0; i < checker_patches; ++i) {
    const Vector3 seen_as = fit * rgb[i];
    for (int c = 0; c < 3; ++c) {
      residual += weight[i] * std::pow(seen_as[c] - xyz[i][c], 2);
      variance += weight[i] * std::pow(xyz[i][c], 2);
    }
  }
  return 1 - residual / variance;
}

// Chart coordinates to the lattice's, for a window of 6 x 4 or 4 x 6 nodes at (column, row) in one
// of four orientations.
Matrix3 lattice_from_chart(int orientation, int column, int row) {
  const double c = column, r = row, w = checker_columns - 1, h = checker_rows - 1;
  switch (orientation) {
    case 0:
      return {{1, 0, c, 0, 1, r, 0, 0, 1}};
    case 1:
      return {{0, -1, c + h, 1, 0, r, 0, 0, 1}};
    case 2:
      return {{-1, 0, c + w, 0, -1, r + h, 0, 0, 1}};
    default:
      return {{0, 1, c, -1, 0, r + w, 0, 0, 1}};
  }
}

std::optional<FoundChecker> looked_at(const Image<float>& picture, const Matrix3& h,
                                      const PatchColors& xyz) {
  FoundChecker found{.picture_from_chart = h};
  for (int i = 0; i < checker_patches; ++i) {
    const int column = i % checker_columns, row = i / checker_columns;
    const auto patch = patch_at(picture, h, column, row);
    if (!patch) return {};
    found.mean[i] = patch->mean, found.deviation[i] = patch->deviation;
  }
  found.likeness = likeness_of(found.mean, xyz);
  return found;
}

// The homography by the nodes that lie in the chart, without those that others contradict.
std::optional<Matrix3> refined(const Lattice& lattice, const Matrix3& chart_from_lattice) {
  std::vector<Point> from, to;
  for (const auto& [column, row, place] : lattice.nodes) {
    const Point p = seen(chart_from_lattice, {double(column), double(row)});
    if (p[0] < -0.1 || p[1] < -0.1 || p[0] > checker_columns - 0.9 || p[1] > checker_rows - 0.9)
      continue;
    from.push_back(p), to.push_back(place);
  }
  constexpr double most_off = 0.1;  // of a pitch
  while (from.size() >= 8) {
    const auto h = fitted_homography(from, to);
    if (!h || !h->is_invertible()) return {};
    const Matrix3 back = h->inverse();
    std::size_t worst = 0;
    double off = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto [c, r] = seen(back, to[i]);
      if (const double d = std::hypot(c - from[i][0], r - from[i][1]); d > off) worst = i, off = d;
    }
    if (off < most_off) return h;
    from.erase(from.begin() + long(worst)), to.erase(to.begin() + long(worst));
  }
  return {};
}

struct Bounds {
  int low_column = 99, high_column = -99, low_row = 99, high_row = -99;
};

Bounds bounds_of(const Lattice& lattice) {
  Bounds b;
  for (const auto& node : lattice.nodes) {
    b.low_column = std::min(b.low_column, node.column);
    b.high_column = std::max(b.high_column, node.column);
    b.low_row = std::min(b.low_row, node.row), b.high_row = std::max(b.high_row, node.row);
  }
  return b;
}

// The best window of a lattice, which may miss patches at its border and go on beyond the chart.
std::optional<FoundChecker> best_window(const Image<float>& cells, const Lattice& lattice,
                                        const PatchColors& xyz) {
  const Bounds bounds = bounds_of(lattice);
  std::optional<FoundChecker> best;
  for (int orientation = 0; orientation < 4; ++orientation) {
    const int columns = orientation % 2 ? checker_rows : checker_columns,
              rows = orientation % 2 ? checker_columns : checker_rows;
    for (int row = bounds.low_row - 2; row <= bounds.high_row + 3 - rows; ++row)
      for (int column = bounds.low_column - 2; column <= bounds.high_column + 3 - columns;
           ++column) {
        const int inside = int(std::ranges::count_if(lattice.nodes, [&](const Lattice::Node& n) {
          return n.column >= column && n.column < column + columns && n.row >= row &&
                 n.row < row + rows;
        }));
        if (inside < 10) continue;
        const auto h = refined(lattice, lattice_from_chart(orientation, column, row).inverse());
        if (!h) continue;
        auto found = looked_at(cells, *h, xyz);
        if (!found || (best && found->likeness <= best->likeness)) continue;
        found->regions = inside;
        best = found;
      }
  }
  return best;
}

// From places in cells to places in pixels.
Matrix3 pixels_from_cells(int cell) {
  const double shift = (cell - 1) / 2.0;
  return {{double(cell), 0, shift, 0, double(cell), shift, 0, 0, 1}};
}

}  // namespace

FoundChecker find_color_checker(const Image<float>& picture, const PatchColors& xyz,
                                const std::string& path) {
  if (picture.planes() != 3) throw Error(path, "the picture is gray", "a ColorChecker needs color");
  const int longest = std::max(picture.width(), picture.height());
  std::size_t most_regions = 0, most_nodes = 0;
  std::optional<FoundChecker> best;
  constexpr double sure = 0.96, enough = 0.85;
  for (int cell = std::max(1, (longest + 2599) / 2600); longest / cell >= 100; cell *= 2) {
    if (best && best->likeness > sure) break;
    const Image<float> roots = roots_of_cells(picture, cell);
    Image<float> cells(roots.width(), roots.height(), 3);
    for (std::size_t i = 0; i < roots.size(); ++i)
      cells.samples()[i] = roots.samples()[i] * roots.samples()[i];
    for (const float change : {0.01F, 0.02F, 0.04F}) {
      const std::vector<EvenRegion> regions = even_regions(roots, change);
      most_regions = std::max(most_regions, regions.size());
      for (const Lattice& lattice : find_lattices(regions, 10)) {
        most_nodes = std::max(most_nodes, lattice.nodes.size());
        auto found = best_window(cells, lattice, xyz);
        if (!found || (best && found->likeness <= best->likeness)) continue;
        found->picture_from_chart = pixels_from_cells(cell) * found->picture_from_chart;
        best = found;
      }
    }
  }
  if (!best || best->likeness < enough)
    throw Error(path,
                fmt::format("no ColorChecker found: {} even regions seen, {} of them at most in "
                            "rows and columns{}",
                            most_regions, most_nodes,
                            best ? fmt::format(", whose colors are like the chart's by {:.2f} only",
                                               best->likeness)
                                 : ""),
                "the whole chart must be in the picture, sharp enough to tell its patches apart");
  const auto exact = looked_at(picture, best->picture_from_chart, xyz);
  if (!exact) throw Error(path, "the ColorChecker is too small or leaves the picture");
  best->mean = exact->mean, best->deviation = exact->deviation, best->likeness = exact->likeness;
  return *best;
}

}  // namespace lichtbild
