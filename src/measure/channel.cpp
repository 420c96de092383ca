#include "measure/channel.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"

namespace lichtbild {

std::vector<Channel> channels_of(const Image<float>& picture) {
  if (picture.planes() < 3) return {{.name = "gray"}};
  return {{.name = "red", .plane = 0}, {.name = "green", .plane = 1}, {.name = "blue", .plane = 2}};
}

std::vector<Channel> channels_of(const Cfa& cfa) {
  std::vector<Channel> channels = {{.name = "red"}, {.name = "green"}, {.name = "blue"}};
  for (Channel& channel : channels) channel.step = 2, channel.phases.clear();
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x) channels[int(cfa.at(x, y))].phases.push_back({x, y});
  return channels;
}

GrayCells gray_cells(const Image<float>& picture, int cell) {
  GrayCells cells{Image<float>(picture.width() / cell, picture.height() / cell), cell};
  const float share = 1.0F / float(cell * cell * picture.planes());
  parallel_rows(cells.value.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      float* out = cells.value.row(y);
      std::fill_n(out, cells.value.width(), 0.0F);
      for (int plane = 0; plane < picture.planes(); ++plane)
        for (int i = 0; i < cell; ++i) {
          const float* in = picture.row(y * cell + i, plane);
          for (int x = 0; x < cells.value.width(); ++x)
            for (int j = 0; j < cell; ++j) out[x] += share * in[x * cell + j];
        }
    }
  });
  return cells;
}

Image<float> gaussian_blurred(const Image<float>& plane, double sigma) {
  const int radius = int(std::ceil(3.5 * sigma));
  std::vector<float> weight(2 * radius + 1);
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  for (int i = -radius; i <= radius; ++i)
    weight[i + radius] = float(std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
  const int width = plane.width(), height = plane.height();
  Image<float> out(width, height);
  parallel_rows(height, [&](int first, int last) {
    std::vector<float> line(width + 2 * radius);
    for (int y = first; y < last; ++y) {
      std::fill(line.begin(), line.end(), 0.0F);
      float* middle = line.data() + radius;
      for (int i = -radius; i <= radius; ++i) {
        const float* in = plane.row(std::clamp(y + i, 0, height - 1));
        for (int x = 0; x < width; ++x) middle[x] += weight[i + radius] * in[x];
      }
      std::fill_n(line.data(), radius, middle[0]);
      std::fill_n(middle + width, radius, middle[width - 1]);
      float* row = out.row(y);
      std::fill_n(row, width, 0.0F);
      for (int i = 0; i <= 2 * radius; ++i)
        for (int x = 0; x < width; ++x) row[x] += weight[i] * line[x + i];
    }
  });
  return out;
}

}  // namespace lichtbild
