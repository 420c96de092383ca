#include "develop/lateral_color.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

constexpr int most_places = 16;  // of a color, whose ways are found at once

// The ways of red and blue on a grid of cells, linear between: planes red x, red y, blue x, blue y.
// They are those of green's places; over its own length a way hardly changes.
class Ways {
 public:
  Ways(const std::array<RecordedPlaces, 3>& places, int width, int height)
      : grid_((width + cell - 1) / cell + 1, (height + cell - 1) / cell + 1, 4) {
    parallel_rows(grid_.height(), [&](int first, int last) {
      for (int j = first; j < last; ++j) find_row(places, j);
    });
    constexpr float infinite = std::numeric_limits<float>::infinity();
    for (const float way : grid_.samples())
      largest_ = std::max(largest_, std::isfinite(way) ? std::abs(way) : infinite);
  }

  float largest() const { return largest_; }

  // Ways at count places of a row, x(k) = x + k step_x, y(k) = y + k step_y.
  struct Piece {
    int first, count;
    float x, step_x, y, step_y;
  };
  // Of a color (0 red, 1 blue) at `count` places first, first + 2 ... of row y, which may lie
  // beyond the border; the pieces' first counts from 0.
  void along(int color, int first, int count, int y, std::vector<Piece>& pieces) const {
    const int rows = grid_.height() - 1, columns = grid_.width() - 1;
    const int j = std::clamp(y / cell, 0, rows - 1);
    const float v = std::clamp(float(y - j * cell) / cell, 0.f, 1.f);
    const auto node = [&](int i, int plane) {
      const float top = grid_(i, j, plane), bottom = grid_(i, j + 1, plane);
      return top + v * (bottom - top);
    };
    pieces.clear();
    for (int k = 0; k < count;) {
      const int x = first + 2 * k, i = std::clamp(x / cell, 0, columns);
      const bool inside = x >= 0 && i < columns;
      const int end = x < 0 ? 0 : inside ? (i + 1) * cell : first + 2 * count;
      const int places = std::min({(end - x + 1) / 2, count - k, most_places});
      const int next = inside ? i + 1 : i, of_x = 2 * color, of_y = of_x + 1;
      const float share = float(x - i * cell) / cell;
      const auto [way_x, step_x] = between(node(i, of_x), node(next, of_x), share);
      const auto [way_y, step_y] = between(node(i, of_y), node(next, of_y), share);
      pieces.push_back({k, places, way_x, step_x, way_y, step_y});
      k += places;
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

  // The value at a share of the way from one node to the next, and its change over two samples.
  static std::pair<float, float> between(float node, float next, float share) {
    return {node + share * (next - node), 2 * (next - node) / cell};
  }

  static constexpr int cell = 2 * most_places;  // samples
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

// Even and odd columns, `count` of each.
LICHTBILD_VECTOR_CLONES
void part_columns(const float* in, int count, float* __restrict even, float* __restrict odd) {
  for (int i = 0; i < count; ++i) even[i] = in[2 * i], odd[i] = in[2 * i + 1];
}

// Four columns of samples, from the row above the place on.
struct Columns {
  std::array<const float*, 4> first;
  std::ptrdiff_t stride;
};

// Lagrange's cubic through four samples a direction, of `count` places one sample apart: the place
// k lies at (x + k step_x, y + k step_y) of a sample from the second column and row. Ways that
// change by more than a few percent are no lens's: what lies half a sample beyond is held there.
LICHTBILD_VECTOR_CLONES
void between_samples(Columns columns, float x, float step_x, float y, float step_y, int count,
                     float* out) {
  using Places = std::array<float, most_places>;
  const auto held = [](float t) { return std::clamp(t, -0.5f, 1.5f); };
  const auto weigh = [&](float at, float step, int places, auto& weight) LICHTBILD_INLINE {
    const float first = held(at), last = held(at + float(places - 1) * step),
                advance = (last - first) / float(std::max(places - 1, 1));
    for (int k = 0; k < places; ++k) {
      const float t = first + float(k) * advance;
      const float before = t + 1, after = t - 1, farther = t - 2;
      weight[0][k] = -t * after * farther * (1.f / 6);
      weight[1][k] = before * after * farther * 0.5f;
      weight[2][k] = -before * t * farther * 0.5f;
      weight[3][k] = before * t * after * (1.f / 6);
    }
  };
  const auto sum_up = [&](int places) LICHTBILD_INLINE {
    std::array<Places, 4> across, down;
    weigh(x, step_x, places, across);
    weigh(y, step_y, places, down);
    Places sum{};
    for (int j = 0; j < 4; ++j) {
      const float *a = columns.first[0] + j * columns.stride,
                  *b = columns.first[1] + j * columns.stride,
                  *c = columns.first[2] + j * columns.stride,
                  *d = columns.first[3] + j * columns.stride;
      for (int k = 0; k < places; ++k)
        sum[k] += down[j][k] * (across[0][k] * a[k] + across[1][k] * b[k] + across[2][k] * c[k] +
                                across[3][k] * d[k]);
    }
    std::copy_n(sum.begin(), places, out);
  };
  // A number that is known is worth whole vectors.
  if (count == most_places)
    sum_up(most_places);
  else
    sum_up(count);
}

// Every other sample of a row less, or plus, a value.
LICHTBILD_VECTOR_CLONES
void differences(const float* sample, const float* value, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = sample[2 * i] - value[i];
}
LICHTBILD_VECTOR_CLONES
void sums(const float* green, const float* difference, int count, float* sample) {
  for (int i = 0; i < count; ++i) sample[2 * i] = green[i] + difference[i];
}

// Rows of the mosaic as recorded, with a margin all around; it goes down the picture.
class Strip {
 public:
  static constexpr int most_rows = 256;

  Strip(const Cfa& cfa, const Ways& ways, int width, int height)
      : cfa_(cfa),
        ways_(ways),
        width_(width),
        height_(height),
        reach_(reach(ways)),
        margin_(margin(ways)),
        recorded_((width + 2 * margin_ + 1) / 2 * 2, most_rows + 2 * margin_),
        green_(recorded_.width() / 2, recorded_.height(), 2) {
    for (int y = 0; y < 2; ++y)
      for (int x = 0; x < recorded_.width(); ++x)
        is_green_[y].push_back(cfa.at(x, y) == CfaColor::green ? 1.f : 0.f);
  }

  // Rows and columns that are needed around a strip, an even number.
  static int margin(const Ways& ways) {
    return (2 * reach(ways) + around_difference + around_green + around + 1) / 2 * 2;
  }

  // The next `count` rows after those of before, or the first; row_of(y): a row as recorded.
  template <class RowOf>
  void load(int first, int count, const RowOf& row_of) {
    const int known = rows_ > 0 ? 2 * margin_ : 0;
    for (int v = 0; v < known; ++v) {
      std::copy_n(recorded_.row(rows_ + v), recorded_.width(), recorded_.row(v));
      for (int parity = 0; parity < 2; ++parity)
        std::copy_n(green_.row(rows_ + v, parity), green_.width(), green_.row(v, parity));
    }
    first_ = first;
    rows_ = count;
    const int rows = loaded_rows();
    for (int v = known; v < rows_ + 2 * margin_; ++v) load_row(v, row_of);
    // An odd number is made even by a row that nothing needs.
    if (rows > rows_ + 2 * margin_) std::fill_n(recorded_.row(rows - 1), recorded_.width(), 0.f);
    std::vector<float> green(recorded_.width());
    for (int v = std::max(known - around_green, around_green); v < rows - around_green; ++v) {
      green_row(recorded_.row(v) + around_green, recorded_.width(),
                recorded_.width() - 2 * around_green, is_green_[v & 1].data() + around_green,
                green.data() + around_green);
      part_columns(green.data(), green_.width(), green_.row(v, 0), green_.row(v, 1));
    }
  }

  // Writes the color's samples of the strip's rows.
  void move(CfaColor color, Image<float>& out) const {
    const int of_color = color == CfaColor::red ? 0 : 1;
    // Its first place; margins are even, and so is the strip's first row.
    const int left = cfa_.at(0, 0) == color || cfa_.at(0, 1) == color ? 0 : 1,
              top = cfa_.at(0, 0) == color || cfa_.at(1, 0) == color ? 0 : 1;
    const int columns = recorded_.width() / 2, rows = loaded_rows() / 2;
    Image<float> difference(columns, rows);
    std::vector<float> value(columns);
    std::vector<Ways::Piece> pieces;
    // The ways of `count` places of its row j, place i the first.
    const auto find_ways = [&](int i, int j, int count) {
      ways_.along(of_color, 2 * i + left - margin_, count, first_ + 2 * j + top - margin_, pieces);
    };
    const int edge = (reach_ + around_green + around + 1) / 2, known = columns - 2 * edge;
    for (int j = edge; j < rows - edge; ++j) {
      find_ways(edge, j, known);
      for (const Ways::Piece& piece : pieces)
        green_between(edge + piece.first, 2 * j + top, left, piece, &value[piece.first]);
      const float* recorded = recorded_.row(2 * j + top) + 2 * edge + left;
      differences(recorded, value.data(), known, difference.row(j) + edge);
    }
    const int inside = margin_ / 2, shown = (width_ - left + 1) / 2;
    for (int j = inside; 2 * (j - inside) + top < rows_; ++j) {
      find_ways(inside, j, shown);
      for (const Ways::Piece& piece : pieces)
        difference_between(difference, inside + piece.first, j, piece, &value[piece.first]);
      const float* green = green_.row(2 * j + top, left) + inside;
      sums(green, value.data(), shown, out.row(first_ + 2 * (j - inside) + top) + left);
    }
  }

 private:
  static int reach(const Ways& ways) { return int(std::ceil(ways.largest())); }

  int loaded_rows() const { return (rows_ + 2 * margin_ + 1) / 2 * 2; }

  // Rows are loaded downwards: what is mirrored at the bottom is here already.
  template <class RowOf>
  void load_row(int v, const RowOf& row_of) {
    const int top = first_ - margin_, y = mirrored(top + v, height_);
    float* to = recorded_.row(v);
    if (y >= top && y < top + v) {
      std::copy_n(recorded_.row(y - top), recorded_.width(), to);
      return;
    }
    const float* row = row_of(y);
    std::copy_n(row, width_, to + margin_);
    for (int x = 0; x < margin_; ++x) to[x] = row[mirrored(x - margin_, width_)];
    for (int x = margin_ + width_; x < recorded_.width(); ++x)
      to[x] = row[mirrored(x - margin_, width_)];
  }

  // The sample at or before the middle of a piece of places `at` + k step.
  static int floor_of(float at, float step, int count) {
    return int(std::floor(at + 0.5f * float(count - 1) * step));
  }

  // Green at the places from which a piece's colors were taken: the sites' of column 2 i + left and
  // the next ones, less their ways.
  void green_between(int i, int y, int left, const Ways::Piece& piece, float* out) const {
    const float x = float(left) - piece.x;
    const int column = floor_of(x, -piece.step_x, piece.count),
              row = floor_of(-piece.y, -piece.step_y, piece.count);
    Columns columns{{}, green_.width()};
    for (int k = 0; k < 4; ++k) {
      const int at = column - 1 + k;
      columns.first[k] = green_.row(y + row - 1, at & 1) + i + (at >> 1);
    }
    between_samples(columns, x - float(column), -piece.step_x, -piece.y - float(row), -piece.step_y,
                    piece.count, out);
  }

  // The color's samples are two of the mosaic's apart.
  static void difference_between(const Image<float>& difference, int i, int j,
                                 const Ways::Piece& piece, float* out) {
    const float x = piece.x / 2, y = piece.y / 2;
    const int column = floor_of(x, piece.step_x / 2, piece.count),
              row = floor_of(y, piece.step_y / 2, piece.count);
    Columns columns{{}, difference.width()};
    for (int k = 0; k < 4; ++k) columns.first[k] = difference.row(j + row - 1) + i + column - 1 + k;
    between_samples(columns, x - float(column), piece.step_x / 2, y - float(row), piece.step_y / 2,
                    piece.count, out);
  }

  static constexpr int around = 2;             // samples that a value between samples needs
  static constexpr int around_green = 3;       // and one of green
  static constexpr int around_difference = 4;  // and a difference, of every other sample

  const Cfa& cfa_;
  const Ways& ways_;
  int width_, height_, reach_, margin_;
  int first_ = 0, rows_ = 0;
  Image<float> recorded_, green_;
  std::array<std::vector<float>, 2> is_green_;  // of an even row, of an odd one
};

// Bands of rows that are done at once, each in place; of the rows around their borders, which both
// sides need, copies are kept.
class Bands {
 public:
  Bands(const Image<float>& mosaic, int margin)
      : margin_(margin), rows_(std::max(mosaic.height() / count, margin)) {
    rows_ = (rows_ + Strip::most_rows - 1) / Strip::most_rows * Strip::most_rows;
    const int borders = (mosaic.height() - 1) / rows_;
    if (borders > 0) kept_ = Image<float>(mosaic.width(), borders * 2 * margin);
    for (int k = 0; k < borders; ++k)
      for (int v = 0; v < 2 * margin; ++v) {
        const int y = (k + 1) * rows_ - margin + v;
        if (y < mosaic.height())
          std::copy_n(mosaic.row(y), mosaic.width(), kept_.row(k * 2 * margin + v));
      }
  }

  int rows() const { return rows_; }

  // Row y as recorded, for the band that begins with row `first`, whose own are not yet done.
  const float* row(const Image<float>& mosaic, int first, int y) const {
    if (y >= first && y < first + rows_) return mosaic.row(y);
    const int border = y < first ? first : first + rows_;
    return kept_.row((border / rows_ - 1) * 2 * margin_ + y - (border - margin_));
  }

 private:
  static constexpr int count = 8;
  int margin_, rows_;
  Image<float> kept_;
};

}  // namespace

Image<float> in_register(Image<float> mosaic, const Cfa& cfa,
                         const std::array<RecordedPlaces, 3>& places) {
  const Ways ways(places, mosaic.width(), mosaic.height());
  constexpr float worth_it = 0.01f, most = 256;  // samples; farther than any lens's
  if (!(ways.largest() >= worth_it && ways.largest() <= most)) return mosaic;
  const Bands bands(mosaic, Strip::margin(ways));
  parallel_blocks(mosaic.height(), bands.rows(), [&](int first, int last) {
    Strip strip(cfa, ways, mosaic.width(), mosaic.height());
    for (int y = first; y < last; y += Strip::most_rows) {
      strip.load(y, std::min(last - y, Strip::most_rows),
                 [&](int row) { return bands.row(mosaic, first, row); });
      for (const CfaColor color : {CfaColor::red, CfaColor::blue}) strip.move(color, mosaic);
    }
  });
  return mosaic;
}

}  // namespace lichtbild
