#include "develop/lateral_color.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

// The ways of red and blue on a grid of cells, linear between: planes red x, red y, blue x, blue y.
// They are those of green's places; over its own length a way hardly changes.
class Ways {
 public:
  Ways(const std::array<RecordedPlaces, 3>& places, int width, int height)
      : grid_((width + cell - 1) / cell + 1, (height + cell - 1) / cell + 1, 4) {
    parallel_rows(grid_.height(), [&](int first, int last) {
      for (int j = first; j < last; ++j) find_row(places, j);
    });
    for (const float way : grid_.samples()) largest_ = std::max(largest_, std::abs(way));
  }

  float largest() const { return largest_; }

  // At `count` places x = first, first + 2 ... of row y, which may lie beyond the border.
  void row(int plane, int first, int count, int y, float* out) const {
    const int rows = grid_.height() - 1, columns = grid_.width() - 1;
    const int j = std::clamp(y / cell, 0, rows - 1);
    const float v = std::clamp(float(y - j * cell) / cell, 0.f, 1.f);
    const float *top = grid_.row(j, plane), *bottom = grid_.row(j + 1, plane);
    for (int k = 0; k < count;) {
      const int i = std::clamp((first + 2 * k) / cell, 0, columns - 1), from = first - i * cell;
      const int end = i == columns - 1 ? count : std::min((cell - from + 1) / 2, count);
      const float left = top[i] + v * (bottom[i] - top[i]),
                  right = top[i + 1] + v * (bottom[i + 1] - top[i + 1]);
      for (; k < end; ++k)
        out[k] = left + std::clamp(float(from + 2 * k) / cell, 0.f, 1.f) * (right - left);
    }
  }

 private:
  void find_row(const std::array<RecordedPlaces, 3>& places, int j) {
    Point shown{0, double(j * cell)};
    for (int i = 0; i < grid_.width(); ++i) {
      const Point recorded{double(i * cell), double(j * cell)};
      Point green = places[1].at(shown);
      constexpr int most_steps = 40;
      constexpr double near_px = 1e-2;  // ways hardly change over that
      for (int step = 0; step < most_steps; ++step) {
        const double dx = recorded.x - green.x, dy = recorded.y - green.y;
        if (std::abs(dx) + std::abs(dy) < near_px) break;
        shown = {shown.x + dx, shown.y + dy};
        green = places[1].at(shown);
      }
      for (int side = 0; side < 2; ++side) {
        const Point color = places[2 * side].at(shown);
        grid_(i, j, 2 * side) = float(color.x - green.x);
        grid_(i, j, 2 * side + 1) = float(color.y - green.y);
      }
      shown.x += cell;  // near the next one
    }
  }

  static constexpr int cell = 32;  // samples
  Image<float> grid_;
  float largest_ = 0;
};

// Beyond the border samples are mirrored at the outermost, which keeps their colors.
int mirrored(int i, int count) {
  if (count == 1) return 0;
  const int period = 2 * (count - 1);
  i = ((i % period) + period) % period;
  return std::min(i, period - i);
}

// Green of every sample of a row: what is missing lies between the green samples left and right,
// above and below, nearer to those that differ less.
LICHTBILD_VECTOR_CLONES
void green_row(const float* in, std::ptrdiff_t stride, int count, const float* is_green,
               float* out) {
  constexpr float near = 0.5625f, far = 0.0625f;  // a cubic through four samples, in its middle
  constexpr float least = 1e-8f;
  for (int x = 0; x < count; ++x) {
    const float *h = in + x, *v = in + x;
    const float across = std::abs(h[1] - h[-1]) +
                         0.5f * (std::abs(h[-1] - h[-3]) + std::abs(h[3] - h[1])) + least,
                down = std::abs(v[stride] - v[-stride]) +
                       0.5f * (std::abs(v[-stride] - v[-3 * stride]) +
                               std::abs(v[3 * stride] - v[stride])) +
                       least;
    const float a = near * (h[-1] + h[1]) - far * (h[-3] + h[3]),
                b = near * (v[-stride] + v[stride]) - far * (v[-3 * stride] + v[3 * stride]);
    const float between = (down * down * a + across * across * b) / (down * down + across * across);
    out[x] = between + is_green[x] * (in[x] - between);
  }
}

struct Plane {
  const float* first;
  std::ptrdiff_t stride;
};

using Four = float __attribute__((vector_size(16)));

constexpr int phases = 256;  // of a sample

// Lagrange's cubic: four weights for each phase.
std::vector<float> cubic_taps() {
  std::vector<float> taps;
  for (int phase = 0; phase <= phases; ++phase) {
    const double t = double(phase) / phases;
    for (const double weight : {-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2,
                                -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6})
      taps.push_back(float(weight));
  }
  return taps;
}

// Values between four samples a direction; (at_x, at_y) lie inside by two samples.
LICHTBILD_VECTOR_CLONES
void between_row(Plane plane, const float* taps, const float* at_x, const float* at_y, int count,
                 float* out) {
  constexpr float half_a_phase = 0.5f / phases;
  const auto four = [](const float* at) {
    Four v;
    std::memcpy(&v, at, sizeof v);
    return v;
  };
  for (int i = 0; i < count; ++i) {
    const int left = int(at_x[i]), top = int(at_y[i]);
    const float* across = taps + 4 * int((at_x[i] - float(left) + half_a_phase) * phases);
    const float* down = taps + 4 * int((at_y[i] - float(top) + half_a_phase) * phases);
    const float* corner = plane.first + (top - 1) * plane.stride + left - 1;
    const Four sum =
        four(across) *
        (down[0] * four(corner) + down[1] * four(corner + plane.stride) +
         down[2] * four(corner + 2 * plane.stride) + down[3] * four(corner + 3 * plane.stride));
    out[i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
}

// Rows of the mosaic with a margin all around.
class Strip {
 public:
  Strip(const Image<float>& mosaic, const Cfa& cfa, const Ways& ways, int first, int last)
      : cfa_(cfa),
        ways_(ways),
        first_(first),
        rows_(last - first),
        width_(mosaic.width()),
        reach_(int(std::ceil(ways.largest()))),
        margin_((2 * reach_ + around_difference + around_green + around + 1) / 2 * 2),
        recorded_((width_ + 2 * margin_ + 1) / 2 * 2, (rows_ + 2 * margin_ + 1) / 2 * 2),
        green_(recorded_.width(), recorded_.height()) {
    for (int y = 0; y < recorded_.height(); ++y) {
      const float* row = mosaic.row(mirrored(first + y - margin_, mosaic.height()));
      float* to = recorded_.row(y);
      std::copy_n(row, width_, to + margin_);
      for (int x = 0; x < margin_; ++x) to[x] = row[mirrored(x - margin_, width_)];
      for (int x = margin_ + width_; x < recorded_.width(); ++x)
        to[x] = row[mirrored(x - margin_, width_)];
    }
    std::array<std::vector<float>, 2> is_green;
    for (int y = 0; y < 2; ++y)
      for (int x = 0; x < recorded_.width(); ++x)
        is_green[y].push_back(cfa.at(x, y) == CfaColor::green ? 1.f : 0.f);
    for (int y = around_green; y < recorded_.height() - around_green; ++y)
      green_row(recorded_.row(y) + around_green, recorded_.width(),
                recorded_.width() - 2 * around_green, is_green[y & 1].data() + around_green,
                green_.row(y) + around_green);
  }

  // Writes the color's samples of the strip's rows.
  void move(CfaColor color, const std::vector<float>& taps, Image<float>& out) const {
    const int plane = color == CfaColor::red ? 0 : 2;
    // Its first place; margins are even, and so is the strip's first row.
    const int left = cfa_.at(0, 0) == color || cfa_.at(0, 1) == color ? 0 : 1,
              top = cfa_.at(0, 0) == color || cfa_.at(1, 0) == color ? 0 : 1;
    const int columns = recorded_.width() / 2, rows = recorded_.height() / 2;
    Image<float> difference(columns, rows);
    std::vector<float> x(columns), y(columns), value(columns);
    // The ways of `count` places of its row j, from place i on.
    const auto read_ways = [&](int i, int j, int count) {
      const int at_x = 2 * i + left - margin_, at_y = first_ + 2 * j + top - margin_;
      ways_.row(plane, at_x, count, at_y, x.data());
      ways_.row(plane + 1, at_x, count, at_y, y.data());
    };
    const int edge = (reach_ + around_green + around + 1) / 2, known = columns - 2 * edge;
    for (int j = edge; j < rows - edge; ++j) {
      read_ways(edge, j, known);
      for (int i = 0; i < known; ++i) {
        x[i] = float(2 * (edge + i) + left) - x[i];
        y[i] = float(2 * j + top) - y[i];
      }
      between_row({green_.row(0), green_.width()}, taps.data(), x.data(), y.data(), known,
                  value.data());
      const float* recorded = recorded_.row(2 * j + top) + 2 * edge + left;
      float* to = difference.row(j) + edge;
      for (int i = 0; i < known; ++i) to[i] = recorded[2 * i] - value[i];
    }
    const int inside = margin_ / 2, shown = (width_ - left + 1) / 2;
    for (int j = inside; 2 * (j - inside) + top < rows_; ++j) {
      read_ways(inside, j, shown);
      for (int i = 0; i < shown; ++i) {
        x[i] = float(inside + i) + x[i] / 2;
        y[i] = float(j) + y[i] / 2;
      }
      between_row({difference.row(0), columns}, taps.data(), x.data(), y.data(), shown,
                  value.data());
      const float* green = green_.row(2 * j + top) + margin_ + left;
      float* to = out.row(first_ + 2 * (j - inside) + top) + left;
      for (int i = 0; i < shown; ++i) to[2 * i] = green[2 * i] + value[i];
    }
  }

 private:
  static constexpr int around = 2;             // samples that a value between samples needs
  static constexpr int around_green = 3;       // and one of green
  static constexpr int around_difference = 4;  // and a difference, of every other sample

  const Cfa& cfa_;
  const Ways& ways_;
  int first_, rows_, width_, reach_, margin_;
  Image<float> recorded_, green_;
};

}  // namespace

Image<float> in_register(Image<float> mosaic, const Cfa& cfa,
                         const std::array<RecordedPlaces, 3>& places) {
  const Ways ways(places, mosaic.width(), mosaic.height());
  constexpr float worth_it = 0.01f;
  if (ways.largest() < worth_it) return mosaic;
  const std::vector<float> taps = cubic_taps();
  Image<float> out(mosaic.width(), mosaic.height());
  constexpr int rows = 128;
  parallel_blocks(mosaic.height(), rows, [&](int first, int last) {
    const Strip strip(mosaic, cfa, ways, first, last);
    for (int y = first; y < last; ++y) std::copy_n(mosaic.row(y), mosaic.width(), out.row(y));
    for (const CfaColor color : {CfaColor::red, CfaColor::blue}) strip.move(color, taps, out);
  });
  return out;
}

}  // namespace lichtbild
