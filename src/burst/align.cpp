#include "burst/align.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "core/halide_buffer.h"
#include "core/matrix.h"
#include "core/parallel.h"
#include "core/vector_clones.h"
#include "gray_halve.h"
#include "gray_quads.h"

namespace lichtbild {
namespace {

// The coarsest level still has this many pixels on its short side; there the whole picture is
// searched.
constexpr int smallest_side = 24;
constexpr int most_levels = 6;
constexpr int search_radius = 1;
constexpr int searched_levels_from = 1;
constexpr int lucas_kanade_steps = 3;
// Neighboring tiles are expected to differ by this much (gray pixels of the level).
constexpr float neighbor_spread_px = 0.15f;
constexpr float discontinuity_px = 1.0f;
constexpr float global_spread_px = 2.0f;  // and a tile from the motion of the whole picture
constexpr int smoothing_sweeps = 12;

struct Vector2 {
  float x = 0, y = 0;
};

// Symmetric 2x2: [[xx, xy], [xy, yy]].
struct Tensor {
  float xx = 0, xy = 0, yy = 0;
  Vector2 solve(Vector2 b) const {
    const float d = xx * yy - xy * xy;
    return {(yy * b.x - xy * b.y) / d, (xx * b.y - xy * b.x) / d};
  }
};

struct TileEstimate {
  Vector2 shift;
  Tensor precision;  // inverse covariance, 1 / px^2
};

// One level of both pyramids with its noise.
struct Level {
  const Image<float>& reference;
  const Image<float>& frame;
  float variance_scale, variance_offset;
};

struct Tile {
  int x, y, width, height;  // inside the reference, one pixel away from its border
};

Tile tile_at(const Image<float>& image, int i, int j) {
  const int x = std::max(1, i * align_tile), y = std::max(1, j * align_tile);
  return {x, y, std::min(image.width() - 1, (i + 1) * align_tile) - x,
          std::min(image.height() - 1, (j + 1) * align_tile) - y};
}

// The part of a tile that lies inside the frame after the shift and a margin of `reach` pixels
// around it.
Tile overlap(const Tile& tile, const Image<float>& frame, Vector2 shift, int reach) {
  const int dx = int(std::floor(shift.x)), dy = int(std::floor(shift.y));
  const int left = std::max(tile.x, reach - dx), top = std::max(tile.y, reach - dy);
  const int right = std::min(tile.x + tile.width, frame.width() - reach - dx - 1);
  const int bottom = std::min(tile.y + tile.height, frame.height() - reach - dy - 1);
  return {left, top, std::max(right - left, 0), std::max(bottom - top, 0)};
}

LICHTBILD_VECTOR_CLONES
float squared_difference(const float* a, int a_stride, const float* b, int b_stride, int width,
                         int height) {
  float lanes[align_tile] = {};
  for (int y = 0; y < height; ++y, a += a_stride, b += b_stride) {
    if (width == align_tile) {
      for (int x = 0; x < align_tile; ++x) lanes[x] += (a[x] - b[x]) * (a[x] - b[x]);
    } else {
      for (int x = 0; x < width; ++x) lanes[x] += (a[x] - b[x]) * (a[x] - b[x]);
    }
  }
  float sum = 0;
  for (float lane : lanes) sum += lane;
  return sum;
}

// Normal equations of one Lucas-Kanade step: sums over the tile of g g^T, of g times (frame(x +
// shift) - reference), of the squared residual, and of the reference.
struct StepSums {
  Tensor gradient;
  Vector2 mismatch;
  float squared = 0, signal = 0;
};

// A whole number instead of `width` where it can be: the sums then stay in registers.
template <class Width>
inline __attribute__((always_inline)) void add_rows(const float* r, int r_stride, const float* f,
                                                    int f_stride, float ax, float ay, Width width,
                                                    int height, float lanes[7][align_tile]) {
  float sums[7][align_tile] = {};
  for (int y = 0; y < height; ++y, r += r_stride, f += f_stride) {
    for (int x = 0; x < width; ++x) {
      const float gx = 0.5f * (r[x + 1] - r[x - 1]);
      const float gy = 0.5f * (r[x + r_stride] - r[x - r_stride]);
      const float top = f[x] + ax * (f[x + 1] - f[x]);
      const float bottom = f[x + f_stride] + ax * (f[x + f_stride + 1] - f[x + f_stride]);
      const float d = top + ay * (bottom - top) - r[x];
      sums[0][x] += gx * gx;
      sums[1][x] += gx * gy;
      sums[2][x] += gy * gy;
      sums[3][x] += gx * d;
      sums[4][x] += gy * d;
      sums[5][x] += d * d;
      sums[6][x] += r[x];
    }
  }
  std::copy_n(&sums[0][0], 7 * align_tile, &lanes[0][0]);
}

LICHTBILD_VECTOR_CLONES
void step_rows(const float* r, int r_stride, const float* f, int f_stride, float ax, float ay,
               int width, int height, float lanes[7][align_tile]) {
  if (width == align_tile)
    add_rows(r, r_stride, f, f_stride, ax, ay, std::integral_constant<int, align_tile>(), height,
             lanes);
  else
    add_rows(r, r_stride, f, f_stride, ax, ay, width, height, lanes);
}

StepSums step_sums(const Level& level, const Tile& tile, Vector2 shift) {
  const int dx = int(std::floor(shift.x)), dy = int(std::floor(shift.y));
  float lanes[7][align_tile] = {};
  step_rows(level.reference.row(tile.y) + tile.x, level.reference.width(),
            level.frame.row(tile.y + dy) + tile.x + dx, level.frame.width(), shift.x - dx,
            shift.y - dy, tile.width, tile.height, lanes);
  float sum[7] = {};
  for (int k = 0; k < 7; ++k)
    for (int x = 0; x < tile.width; ++x) sum[k] += lanes[k][x];
  return {{sum[0], sum[1], sum[2]}, {sum[3], sum[4]}, sum[5], sum[6]};
}

// The best whole-pixel shift around the prior. The tile and its surroundings of `radius` lie inside
// the frame.
Vector2 search(const Level& level, const Tile& tile, Vector2 prior, int radius) {
  const int px = int(std::lround(prior.x)), py = int(std::lround(prior.y));
  const float* reference = level.reference.row(tile.y) + tile.x;
  float best_cost = INFINITY, prior_cost = INFINITY;
  Vector2 best = prior;
  for (int dy = py - radius; dy <= py + radius; ++dy)
    for (int dx = px - radius; dx <= px + radius; ++dx) {
      const float cost = squared_difference(reference, level.reference.width(),
                                            level.frame.row(tile.y + dy) + tile.x + dx,
                                            level.frame.width(), tile.width, tile.height);
      if (dx == px && dy == py) prior_cost = cost;
      if (cost < best_cost) {
        best_cost = cost;
        best = {float(dx), float(dy)};
      }
    }
  // A step away from the prior must be worth more than the scatter of the noise's own sum of
  // squares.
  const float doubt = 2 * level.variance_offset * std::sqrt(2.0f * tile.width * tile.height);
  return prior_cost <= best_cost + doubt ? prior : best;
}

// Precision of a shift, given the structure tensor without noise and the variance of a difference.
Tensor precision_of(const Tensor& g, float variance) {
  Tensor precision{g.xx / variance, g.xy / variance, g.yy / variance};
  if (precision.xx * precision.yy < precision.xy * precision.xy) precision.xy = 0;
  return precision;
}

TileEstimate estimate(const Level& level, const Tile& whole, Vector2 prior, int radius) {
  constexpr int slack = 2;  // the steps may wander this far from the prior
  const Tile tile = overlap(whole, level.frame, prior, radius + slack);
  const float area = float(tile.width) * tile.height;
  if (area < 0.25f * align_tile * align_tile) return {prior, {}};
  Vector2 shift = radius > 0 ? search(level, tile, prior, radius) : prior;
  Tensor precision;
  for (int step = 0; step < lucas_kanade_steps; ++step) {
    const StepSums sums = step_sums(level, tile, shift);
    const float variance =
        std::max(level.variance_scale * sums.signal / area, 0.0f) + level.variance_offset + 1e-12f;
    // The reference's half of the noise adds variance / 4 to the mean square of a central
    // difference.
    const float noise = 0.25f * variance * area;
    const Tensor g{std::max(sums.gradient.xx - noise, 0.0f), sums.gradient.xy,
                   std::max(sums.gradient.yy - noise, 0.0f)};
    // What the noise does not explain - aliasing, change of the scene - counts as noise too.
    const float misfit = std::max(variance, sums.squared / area);
    // A weak prior (1 px) keeps the step finite in flat places.
    const Tensor damped{g.xx + misfit, g.xy, g.yy + misfit};
    if (damped.xx * damped.yy <= damped.xy * damped.xy) return {prior, {}};
    const Vector2 delta = damped.solve(sums.mismatch);
    const float length = std::hypot(delta.x, delta.y), limit = length > 1 ? 1 / length : 1;
    shift = {shift.x - delta.x * limit, shift.y - delta.y * limit};
    if (std::max(std::abs(shift.x - prior.x), std::abs(shift.y - prior.y)) > float(radius + slack))
      return {prior, {}};
    precision = precision_of(g, misfit);
    if (length < 0.01f) break;
  }
  return {shift, precision};
}

// Motion of the whole picture: shift = base + x along_x + y along_y, with (x, y) in tiles from the
// middle. Weighted least squares, reweighted so that what moves on its own does not count; weakly
// drawn to a pure shift.
class GlobalMotion {
 public:
  GlobalMotion(const std::vector<TileEstimate>& tiles, int columns, int rows)
      : columns_(columns), rows_(rows) {
    for (int iteration = 0; iteration < 6; ++iteration) fit(tiles, iteration > 0);
  }
  Vector2 at(int i, int j) const {
    const double x = i - 0.5 * (columns_ - 1), y = j - 0.5 * (rows_ - 1);
    return {float(u_[0] + x * u_[1] + y * u_[2]), float(v_[0] + x * v_[1] + y * v_[2])};
  }

 private:
  void fit(const std::vector<TileEstimate>& tiles, bool robust) {
    Matrix3 normal = Matrix3::diagonal({1e-6, 1, 1});
    Vector3 right_u{}, right_v{};
    for (int j = 0; j < rows_; ++j)
      for (int i = 0; i < columns_; ++i) {
        const TileEstimate& tile = tiles[j * columns_ + i];
        const double smaller = std::min(tile.precision.xx, tile.precision.yy);
        double weight = std::min(smaller, 100.0);  // nothing is known better than to 0.1 px
        if (robust) {
          const Vector2 model = at(i, j);
          const double du = tile.shift.x - model.x, dv = tile.shift.y - model.y;
          weight /= 1 + du * du + dv * dv;
        }
        const double p[] = {1, i - 0.5 * (columns_ - 1), j - 0.5 * (rows_ - 1)};
        for (int a = 0; a < 3; ++a) {
          for (int b = 0; b < 3; ++b) normal(a, b) += weight * p[a] * p[b];
          right_u[a] += weight * p[a] * tile.shift.x;
          right_v[a] += weight * p[a] * tile.shift.y;
        }
      }
    const Matrix3 inverse = normal.inverse();
    u_ = inverse * right_u;
    v_ = inverse * right_v;
  }
  int columns_, rows_;
  Vector3 u_{}, v_{};
};

// The most probable field given every tile's estimate and precision, the motion of the whole and
// the spread between neighbors.
MotionField regularize(int columns, int rows, const std::vector<TileEstimate>& tiles) {
  const GlobalMotion whole(tiles, columns, rows);
  MotionField field{Image<float>(columns, rows), Image<float>(columns, rows)};
  constexpr float whole_pull = 1 / (global_spread_px * global_spread_px);
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      // Start where the tile's own evidence and the whole meet.
      const TileEstimate& tile = tiles[j * columns + i];
      const Vector2 model = whole.at(i, j);
      const float own = std::min(tile.precision.xx, tile.precision.yy),
                  share = own / (own + whole_pull);
      field.u(i, j) = model.x + share * (tile.shift.x - model.x);
      field.v(i, j) = model.y + share * (tile.shift.y - model.y);
    }
  constexpr float stiffness = 1 / (neighbor_spread_px * neighbor_spread_px);
  constexpr float bound = 1 / (discontinuity_px * discontinuity_px);
  for (int sweep = 0; sweep < smoothing_sweeps; ++sweep)
    for (int j = 0; j < rows; ++j)
      for (int i = 0; i < columns; ++i) {
        const TileEstimate& tile = tiles[j * columns + i];
        const Vector2 model = whole.at(i, j);
        const float u = field.u(i, j), v = field.v(i, j);
        Tensor precision = tile.precision;
        Vector2 pull{
            precision.xx * tile.shift.x + precision.xy * tile.shift.y + whole_pull * model.x,
            precision.xy * tile.shift.x + precision.yy * tile.shift.y + whole_pull * model.y};
        precision.xx += whole_pull;
        precision.yy += whole_pull;
        for (int dj = -1; dj <= 1; ++dj)
          for (int di = -1; di <= 1; ++di) {
            const int x = i + di, y = j + dj;
            if ((di == 0 && dj == 0) || x < 0 || y < 0 || x >= columns || y >= rows) continue;
            const float du = field.u(x, y) - u, dv = field.v(x, y) - v;
            const float weight =
                stiffness / float(di * di + dj * dj) / (1 + (du * du + dv * dv) * bound);
            precision.xx += weight;
            precision.yy += weight;
            pull.x += weight * field.u(x, y);
            pull.y += weight * field.v(x, y);
          }
        const Vector2 best = precision.solve(pull);
        field.u(i, j) = best.x;
        field.v(i, j) = best.y;
      }
  return field;
}

// The whole-pixel shift of the whole picture at the coarsest level: least mean squared difference
// of what overlaps.
Vector2 search_whole(const Image<float>& reference, const Image<float>& frame) {
  const int reach_x = frame.width() / 3, reach_y = frame.height() / 3;
  float best_cost = INFINITY;
  Vector2 best;
  for (int dy = -reach_y; dy <= reach_y; ++dy)
    for (int dx = -reach_x; dx <= reach_x; ++dx) {
      const int width = reference.width() - std::abs(dx),
                height = reference.height() - std::abs(dy);
      double sum = 0;
      for (int y = 0; y < height; ++y) {
        const float* a = reference.row(y + std::max(-dy, 0)) + std::max(-dx, 0);
        const float* b = frame.row(y + std::max(dy, 0)) + std::max(dx, 0);
        float line = 0;
        for (int x = 0; x < width; ++x) line += (a[x] - b[x]) * (a[x] - b[x]);
        sum += line;
      }
      // A little dearer with distance, so that flat pictures stay where they are.
      const float cost =
          float(sum / (double(width) * height)) * (1 + 1e-3f * float(dx * dx + dy * dy));
      if (cost < best_cost) best_cost = cost, best = {float(dx), float(dy)};
    }
  return best;
}

}  // namespace

float sample_grid(const Image<float>& grid, float x, float y) {
  x = std::clamp(x, 0.0f, float(grid.width() - 1));
  y = std::clamp(y, 0.0f, float(grid.height() - 1));
  const int i = std::min(int(x), std::max(grid.width() - 2, 0)),
            j = std::min(int(y), std::max(grid.height() - 2, 0));
  const int i1 = std::min(i + 1, grid.width() - 1), j1 = std::min(j + 1, grid.height() - 1);
  const float ax = x - i, ay = y - j;
  return (1 - ay) * ((1 - ax) * grid(i, j) + ax * grid(i1, j)) +
         ay * ((1 - ax) * grid(i, j1) + ax * grid(i1, j1));
}

namespace {

MotionField align_level(const Level& level, const MotionField& coarser, int radius) {
  const int columns = (level.reference.width() + align_tile - 1) / align_tile;
  const int rows = (level.reference.height() + align_tile - 1) / align_tile;
  std::vector<TileEstimate> tiles(std::size_t(columns) * rows);
  parallel_rows(rows, [&](int first, int last) {
    for (int j = first; j < last; ++j)
      for (int i = 0; i < columns; ++i) {
        const float x = (i + 0.5f) / 2 - 0.5f, y = (j + 0.5f) / 2 - 0.5f;
        const Vector2 prior{2 * sample_grid(coarser.u, x, y), 2 * sample_grid(coarser.v, x, y)};
        tiles[j * columns + i] = estimate(level, tile_at(level.reference, i, j), prior, radius);
      }
  });
  return regularize(columns, rows, tiles);
}

}  // namespace

GrayPyramid gray_pyramid(const Image<float>& mosaic, float gain) {
  GrayPyramid pyramid;
  pyramid.levels.emplace_back(mosaic.width() / 2, mosaic.height() / 2);
  auto in = halide_buffer(mosaic);
  auto out = halide_buffer(pyramid.levels.back());
  check(gray_quads(in, gain, out));
  while (int(pyramid.levels.size()) < most_levels) {
    const Image<float>& fine = pyramid.levels.back();
    if (std::min(fine.width(), fine.height()) / 2 < smallest_side) break;
    Image<float> coarse(fine.width() / 2, fine.height() / 2);
    auto from = halide_buffer(fine), to = halide_buffer(coarse);
    check(gray_halve(from, to));
    pyramid.levels.push_back(std::move(coarse));
  }
  return pyramid;
}

MotionField align(const GrayPyramid& reference, const GrayPyramid& frame, float variance_scale,
                  float variance_offset) {
  const int coarsest = int(reference.levels.size()) - 1;
  const Vector2 start = search_whole(reference.levels[coarsest], frame.levels[coarsest]);
  MotionField field{Image<float>(1, 1), Image<float>(1, 1)};
  field.u(0, 0) = start.x / 2;  // as of a coarser level
  field.v(0, 0) = start.y / 2;
  for (int k = coarsest; k >= 0; --k) {
    // The [1 3 3 1] / 8 filter of each halving keeps (20 / 64)^2 of the variance.
    const float shrink = std::pow(20.0f / 64 * 20 / 64, float(k));
    const Level level{reference.levels[k], frame.levels[k], variance_scale * shrink,
                      variance_offset * shrink};
    field = align_level(level, field, k >= searched_levels_from ? search_radius : 0);
  }
  return field;
}

double sharpness(const GrayPyramid& pyramid) {
  const Image<float>& gray = pyramid.levels[std::min<std::size_t>(1, pyramid.levels.size() - 1)];
  double sum = 0;
  for (int y = 1; y < gray.height(); ++y) {
    const float *row = gray.row(y), *above = gray.row(y - 1);
    float line = 0;
    for (int x = 1; x < gray.width(); ++x) {
      const float dx = row[x] - row[x - 1], dy = row[x] - above[x];
      line += dx * dx + dy * dy;
    }
    sum += line;
  }
  return sum / (double(gray.width()) * gray.height());
}

}  // namespace lichtbild
