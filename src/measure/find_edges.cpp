#include <algorithm>
#include <cmath>
#include <numeric>

#include "measure/edge.h"

namespace lichtbild {
namespace {

// Gradients of the logarithm of light, so that a lens's falling off does not matter.
struct Gradients {
  Image<float> x, y;
  std::vector<int> strongest_first;  // cells above the threshold
};

Gradients gradients_of(const Image<float>& gray) {
  const int width = gray.width(), height = gray.height();
  Gradients g{Image<float>(width, height), Image<float>(width, height), {}};
  g.x.fill(0), g.y.fill(0);
  std::vector<float> sorted(gray.samples().begin(), gray.samples().end());
  const auto high = sorted.begin() + long(double(sorted.size() - 1) * 0.99);
  std::nth_element(sorted.begin(), high, sorted.end());
  const float floor = std::max(0.01F * *high, 1e-9F);
  constexpr float weakest = 0.04F;  // per cell
  for (int y = 1; y + 1 < height; ++y)
    for (int x = 1; x + 1 < width; ++x) {
      const float level = std::max(gray(x, y), 0.0F) + floor;
      const float gx = (gray(x + 1, y) - gray(x - 1, y)) / (2 * level),
                  gy = (gray(x, y + 1) - gray(x, y - 1)) / (2 * level);
      g.x(x, y) = gx, g.y(x, y) = gy;
      if (gx * gx + gy * gy > weakest * weakest) g.strongest_first.push_back(y * width + x);
    }
  const auto strength = [&](int i) {
    const float gx = g.x.samples()[i], gy = g.y.samples()[i];
    return gx * gx + gy * gy;
  };
  std::sort(g.strongest_first.begin(), g.strongest_first.end(),
            [&](int a, int b) { return strength(a) > strength(b); });
  return g;
}

// Cells that touch and whose gradients point one way (as in von Gioi et al., "LSD", 2010).
std::vector<int> grown_from(int seed, const Gradients& g, std::vector<char>& taken) {
  const int width = g.x.width();
  const float tolerance = std::cos(20.0F * float(M_PI) / 180);
  std::vector<int> region{seed};
  taken[seed] = 1;
  double sum_x = 0, sum_y = 0;
  const auto add = [&](int i) {
    const float norm = std::hypot(g.x.samples()[i], g.y.samples()[i]);
    sum_x += g.x.samples()[i] / norm, sum_y += g.y.samples()[i] / norm;
  };
  add(seed);
  for (std::size_t next = 0; next < region.size(); ++next) {
    const int x = region[next] % width, y = region[next] / width;
    if (x < 1 || y < 1 || x > width - 2 || y > g.x.height() - 2) continue;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx) {
        const int i = (y + dy) * width + x + dx;
        if (taken[i]) continue;  // as are all cells below the threshold
        const float gx = g.x.samples()[i], gy = g.y.samples()[i];
        if (gx * sum_x + gy * sum_y < tolerance * std::hypot(gx, gy) * std::hypot(sum_x, sum_y))
          continue;
        taken[i] = 1, region.push_back(i), add(i);
      }
  }
  return region;
}

struct Segment {
  double x, y, normal_deg, length, width;  // cells; width: of the rectangle of the same moment
};

// By the moments of the region, weighted by the gradients.
Segment segment_of(const std::vector<int>& region, const Gradients& g) {
  const int columns = g.x.width();
  double weight = 0, mx = 0, my = 0, gx = 0, gy = 0;
  const auto strength = [&](int i) { return std::hypot(g.x.samples()[i], g.y.samples()[i]); };
  for (const int i : region) {
    const double w = strength(i);
    const int x = i % columns, y = i / columns;
    weight += w, mx += w * x, my += w * y;
    gx += g.x.samples()[i], gy += g.y.samples()[i];
  }
  mx /= weight, my /= weight;
  double xx = 0, xy = 0, yy = 0;
  for (const int i : region) {
    const int x = i % columns, y = i / columns;
    const double w = strength(i) / weight, dx = x - mx, dy = y - my;
    xx += w * dx * dx, xy += w * dx * dy, yy += w * dy * dy;
  }
  const double along = 0.5 * std::atan2(2 * xy, xx - yy);
  double nx = -std::sin(along), ny = std::cos(along);
  if (nx * gx + ny * gy < 0) nx = -nx, ny = -ny;
  const double across = std::max(0.0, nx * nx * xx + 2 * nx * ny * xy + ny * ny * yy);
  double low = 0, high = 0;
  for (const int i : region) {
    const int x = i % columns, y = i / columns;
    const double t = (x - mx) * ny - (y - my) * nx;
    low = std::min(low, t), high = std::max(high, t);
  }
  const double middle = (low + high) / 2;
  return {mx + middle * ny, my - middle * nx, std::atan2(ny, nx) * 180 / M_PI, high - low + 1,
          std::sqrt(12 * across)};
}

// What stands on both sides, a fifth of the length away; 0 outside the picture.
double contrast_of(const Image<float>& gray, const Segment& s) {
  const double nx = std::cos(s.normal_deg * M_PI / 180), ny = std::sin(s.normal_deg * M_PI / 180),
               away = std::clamp(0.2 * s.length, 2.0, 20.0);
  const auto at = [&](double side) -> double {
    const int x = int(std::lround(s.x + side * nx)), y = int(std::lround(s.y + side * ny));
    if (x < 0 || y < 0 || x >= gray.width() || y >= gray.height()) return NAN;
    return std::max(gray(x, y), 0.0F);
  };
  const double light = at(away), dark = at(-away);
  return light + dark > 0 ? (light - dark) / (light + dark) : 0;
}

Edge edge_of(const Segment& s, double contrast, const GrayCells& cells,
             const Image<float>& picture) {
  Edge edge{.x = cells.pixel(s.x),
            .y = cells.pixel(s.y),
            .normal_deg = s.normal_deg,
            .length_px = s.length * cells.cell,
            .contrast = contrast};
  const double dx = edge.x - (picture.width() - 1) / 2.0,
               dy = edge.y - (picture.height() - 1) / 2.0;
  edge.radius = std::hypot(dx, dy) / (std::hypot(picture.width(), picture.height()) / 2);
  const double turn = std::remainder(s.normal_deg - std::atan2(dy, dx) * 180 / M_PI, 180);
  edge.from_radius_deg = std::abs(turn);
  edge.kind = edge.from_radius_deg <= 30   ? EdgeKind::tangential
              : edge.from_radius_deg >= 60 ? EdgeKind::sagittal
                                           : EdgeKind::oblique;
  return edge;
}

bool inside(const Edge& edge, const Crop& crop) {
  return edge.x >= crop.x && edge.y >= crop.y && edge.x < crop.x + crop.width &&
         edge.y < crop.y + crop.height;
}

}  // namespace

const char* name_of(EdgeKind kind) {
  return kind == EdgeKind::tangential ? "tangential"
         : kind == EdgeKind::sagittal ? "sagittal"
                                      : "oblique";
}

std::vector<Edge> find_edges(const Image<float>& picture, std::span<const Channel> channels,
                             std::optional<Crop> crop) {
  const bool mosaic = channels.front().step > 1;
  const bool large = picture.width() + picture.height() > 3000;
  if (std::min(picture.width(), picture.height()) < 32) return {};
  GrayCells cells = gray_cells(picture, mosaic || large ? 2 : 1);
  cells.value = gaussian_blurred(cells.value, 1.2);
  const Gradients gradients = gradients_of(cells.value);
  std::vector<char> taken(cells.value.size(), 1);
  for (const int i : gradients.strongest_first) taken[i] = 0;

  constexpr double shortest_px = 30, least_contrast = 0.15, slimness = 3;
  std::vector<Edge> edges;
  for (const int seed : gradients.strongest_first) {
    if (taken[seed]) continue;
    const std::vector<int> region = grown_from(seed, gradients, taken);
    if (double(region.size()) * cells.cell < shortest_px) continue;
    const Segment segment = segment_of(region, gradients);
    if (segment.length * cells.cell < shortest_px || segment.length < slimness * segment.width)
      continue;
    const double contrast = contrast_of(cells.value, segment);
    if (contrast < least_contrast) continue;
    const Edge edge = edge_of(segment, contrast, cells, picture);
    if (!crop || inside(edge, *crop)) edges.push_back(edge);
  }
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return a.radius < b.radius; });
  return edges;
}

}  // namespace lichtbild
