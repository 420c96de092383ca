// find_edges(): dark blobs against the light around them; those that fill the smallest rectangle
// around them are squares.
#include <algorithm>
#include <array>
#include <cmath>

#include "measure/edge.h"

namespace lichtbild {
namespace {

// Means of whole pixels, at most about 1024 columns.
Image<float> reduced(const Image<float>& picture, int factor) {
  Image<float> out(picture.width() / factor, picture.height() / factor);
  for (int y = 0; y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x) {
      float sum = 0;
      for (int j = 0; j < factor; ++j)
        for (int i = 0; i < factor; ++i) sum += picture(x * factor + i, y * factor + j);
      out(x, y) = sum / float(factor * factor);
    }
  return out;
}

// Where the picture is less than 0.55 of the light ground around: the 90th percentile of blocks,
// interpolated, for lenses darken their corners.
std::vector<bool> dark_places(const Image<float>& picture) {
  constexpr int columns = 12, rows = 9;
  constexpr double dark = 0.55;
  std::array<std::array<float, columns>, rows> ground{};
  for (int v = 0; v < rows; ++v)
    for (int u = 0; u < columns; ++u) {
      std::vector<float> values;
      for (int y = picture.height() * v / rows; y < picture.height() * (v + 1) / rows; ++y)
        for (int x = picture.width() * u / columns; x < picture.width() * (u + 1) / columns; ++x)
          values.push_back(picture(x, y));
      if (values.empty()) continue;
      const auto at = values.begin() + std::ptrdiff_t(0.9 * double(values.size() - 1));
      std::nth_element(values.begin(), at, values.end());
      ground[v][u] = *at;
    }
  std::vector<bool> out(picture.size());
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const double u = std::clamp((x + 0.5) * columns / picture.width() - 0.5, 0.0, columns - 1.0),
                   v = std::clamp((y + 0.5) * rows / picture.height() - 0.5, 0.0, rows - 1.0);
      const int u0 = std::min(int(u), columns - 2), v0 = std::min(int(v), rows - 2);
      const double fu = u - u0, fv = v - v0;
      const double light = (1 - fv) * ((1 - fu) * ground[v0][u0] + fu * ground[v0][u0 + 1]) +
                           fv * ((1 - fu) * ground[v0 + 1][u0] + fu * ground[v0 + 1][u0 + 1]);
      out[std::size_t(y) * picture.width() + x] = picture(x, y) < dark * light;
    }
  return out;
}

struct Place {
  int x, y;
};

// Blobs of touching dark places that do not reach the border.
std::vector<std::vector<Place>> blobs_of(std::vector<bool> dark, int width, int height) {
  std::vector<std::vector<Place>> blobs;
  for (int start = 0; start < width * height; ++start) {
    if (!dark[start]) continue;
    std::vector<Place> blob{{start % width, start / width}};
    dark[start] = false;
    bool inside = true;
    for (std::size_t i = 0; i < blob.size(); ++i) {
      const Place p = blob[i];
      if (p.x == 0 || p.y == 0 || p.x == width - 1 || p.y == height - 1) inside = false;
      for (const Place n : {Place{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}}) {
        if (n.x < 0 || n.y < 0 || n.x >= width || n.y >= height) continue;
        const std::size_t at = std::size_t(n.y) * width + n.x;
        if (dark[at]) dark[at] = false, blob.push_back(n);
      }
    }
    if (inside) blobs.push_back(std::move(blob));
  }
  return blobs;
}

struct Box {
  double x = 0, y = 0, width = 0, height = 0, angle = 0;  // radians
};

Box smallest_box(const std::vector<Place>& blob) {
  Box best;
  double least = INFINITY;
  constexpr int angles = 180;
  for (int k = 0; k < angles; ++k) {
    const double angle = M_PI / 2 * k / angles, c = std::cos(angle), s = std::sin(angle);
    double low_u = INFINITY, high_u = -INFINITY, low_v = INFINITY, high_v = -INFINITY;
    for (const Place& p : blob) {
      const double u = c * p.x + s * p.y, v = c * p.y - s * p.x;
      low_u = std::min(low_u, u), high_u = std::max(high_u, u);
      low_v = std::min(low_v, v), high_v = std::max(high_v, v);
    }
    const double width = high_u - low_u + 1, height = high_v - low_v + 1;
    if (width * height >= least) continue;
    least = width * height;
    const double u = (low_u + high_u) / 2, v = (low_v + high_v) / 2;
    best = {c * u - s * v, s * u + c * v, width, height, angle};
  }
  return best;
}

}  // namespace

std::vector<EdgeRegion> find_edges(const Image<float>& luminance) {
  const int factor = std::max(1, luminance.width() / 1024);
  const Image<float> small = reduced(luminance, factor);
  std::vector<EdgeRegion> edges;
  for (const auto& blob : blobs_of(dark_places(small), small.width(), small.height())) {
    const double smallest = std::max(8.0, 24.0 / factor);
    if (double(blob.size()) < smallest * smallest) continue;
    const Box box = smallest_box(blob);
    constexpr double filled = 0.85, square = 0.8;
    if (double(blob.size()) < filled * box.width * box.height ||
        std::min(box.width, box.height) < square * std::max(box.width, box.height))
      continue;
    for (int side = 0; side < 4; ++side) {
      const double normal = box.angle + side * M_PI / 2,
                   out = (side % 2 == 0 ? box.width : box.height) / 2,
                   length = side % 2 == 0 ? box.height : box.width;
      EdgeRegion edge;
      edge.x = (box.x + out * std::cos(normal) + 0.5) * factor - 0.5;
      edge.y = (box.y + out * std::sin(normal) + 0.5) * factor - 0.5;
      edge.normal_deg = normal * 180 / M_PI;
      edge.half_length = 0.36 * length * factor;
      edge.half_width = std::min(0.3 * length * factor, 24.0);
      edges.push_back(edge);
    }
  }
  return edges;
}

}  // namespace lichtbild
