#include "develop/deblur.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "core/parallel.h"
#include "core/vector_clones.h"
#include "develop/inverse_filter.h"

namespace lichtbild {
namespace {

constexpr int reach = InverseFilters::radius;
constexpr int window = 2;                    // samples to either side that say how strong detail is
constexpr int filtered = 64;                 // a tile of details, of which
constexpr int tile = filtered - 2 * window;  // so many are wanted
constexpr int stride = filtered + 2 * reach + 4;  // of a tile's samples

// Share of the mosaic's noise that is left in the details that the filters see, after demosaicing
// and noise reduction (deblur_test measures it).
constexpr double noise_left = 0.5;
// Energy of the details in units of the noise's that is taken for noise.
constexpr float noise_margin = 2;
constexpr float slack = 0.002f;   // of the range nearby
constexpr float ridge_gain = 1;  // how much a ridge may grow, relative to its height

constexpr int lanes = 16;
using Lanes = float __attribute__((vector_size(lanes * sizeof(float))));

struct Tile {
  alignas(64) float sample[3][filtered + 2 * reach][stride];
  alignas(64) float detail[3][filtered][filtered];
  alignas(64) float energy[filtered][filtered];
  alignas(64) float rows[filtered][filtered];
  alignas(64) float out[tile][filtered];
};

LICHTBILD_VECTOR_CLONES
void convert(const Half* from, float* to, int count) {
  for (int i = 0; i < count; ++i) to[i] = float_from(from[i]);
}

// The samples around a tile whose first wanted sample is (x0, y0); the border is repeated outwards.
void fetch(const Image<Half>& picture, const Crop& active, int x0, int y0, Tile& t) {
  const int first_x = x0 - window - reach, first_y = y0 - window - reach;
  constexpr int count = filtered + 2 * reach;
  const int from = std::clamp(first_x, 0, active.width - 1),
            to = std::clamp(first_x + count - 1, 0, active.width - 1);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < count; ++y) {
      const Half* row =
          picture.row(active.y + std::clamp(first_y + y, 0, active.height - 1), c) + active.x;
      float* out = t.sample[c][y];
      convert(row + from, out + from - first_x, to - from + 1);
      for (int x = 0; x < from - first_x; ++x) out[x] = out[from - first_x];
      for (int x = to - first_x + 1; x < count; ++x) out[x] = out[to - first_x];
    }
}

LICHTBILD_VECTOR_CLONES
void filter(const float (*sample)[stride], const float* taps, float (*detail)[filtered]) {
  for (int y = 0; y < filtered; ++y) {
    Lanes sum[filtered / lanes]{};
    for (int j = 0; j < InverseFilters::size; ++j)
      for (int i = 0; i < InverseFilters::size; ++i) {
        const float tap = taps[j * InverseFilters::size + i];
        for (int k = 0; k < filtered / lanes; ++k) {
          Lanes s;
          std::memcpy(&s, &sample[y + j][i + k * lanes], sizeof s);
          sum[k] += tap * s;
        }
      }
    std::memcpy(detail[y], sum, sizeof sum);
  }
}

// Adds d^2 / variance, the variance a straight line over the sample.
LICHTBILD_VECTOR_CLONES
void add_energy(const float (*sample)[stride], const float (*detail)[filtered], float scale,
                float offset, float (*energy)[filtered]) {
  for (int y = 0; y < filtered; ++y)
    for (int x = 0; x < filtered; ++x) {
      const float s = sample[y + reach][x + reach], d = detail[y][x];
      energy[y][x] += d * d / (scale * std::max(s, 0.0f) + offset);
    }
}

// The energy's mean over 5 x 5 samples becomes the share of the details that is taken.
LICHTBILD_VECTOR_CLONES
void weigh(Tile& t) {
  for (int y = 0; y < filtered; ++y)
    for (int x = 0; x < tile; ++x)
      t.rows[y][x] = 0.1f * (t.energy[y][x] + t.energy[y][x + 4]) +
                     0.25f * (t.energy[y][x + 1] + t.energy[y][x + 3]) + 0.3f * t.energy[y][x + 2];
  for (int y = 0; y < tile; ++y)
    for (int x = 0; x < tile; ++x) {
      const float mean = 0.1f * (t.rows[y][x] + t.rows[y + 4][x]) +
                         0.25f * (t.rows[y + 1][x] + t.rows[y + 3][x]) + 0.3f * t.rows[y + 2][x];
      const float signal = std::max(mean - noise_margin, 0.0f);
      t.energy[y][x] = signal / (signal + 1);
    }
}

inline float lesser(float a, float b) { return a < b ? a : b; }
inline float greater(float a, float b) { return a > b ? a : b; }

// The least and the greatest of each sample's row and of the two above and below.
LICHTBILD_VECTOR_CLONES
void find_range(const float* middle, float* low, float* high) {
  const float *a = middle - 2 * stride, *b = middle - stride, *c = middle + stride,
              *d = middle + 2 * stride;
  for (int x = 0; x < filtered; ++x) {
    low[x] = lesser(lesser(lesser(a[x], b[x]), lesser(c[x], d[x])), middle[x]);
    high[x] = greater(greater(greater(a[x], b[x]), greater(c[x], d[x])), middle[x]);
  }
}

LICHTBILD_VECTOR_CLONES
void add_details(const float (*sample)[stride], const float (*detail)[filtered],
                 const float (*share)[filtered], float (*out)[filtered]) {
  constexpr int first = reach + window;
  for (int y = 0; y < tile; ++y) {
    float low[filtered], high[filtered];
    const float* s = &sample[y + first][first];
    find_range(s - window, low, high);
    const float *up = s - window * stride, *down = s + window * stride,
                *d = &detail[y + window][window], *weight = share[y];
    float* to = out[y];
    for (int x = 0; x < tile; ++x) {
      const float lowest =
          lesser(lesser(lesser(low[x], low[x + 1]), lesser(low[x + 3], low[x + 4])), low[x + 2]);
      const float highest = greater(
          greater(greater(high[x], high[x + 1]), greater(high[x + 3], high[x + 4])), high[x + 2]);
      // Of the four directions, the one in which the sample stands out most.
      const float shoulder =
          lesser(lesser(greater(s[x - window], s[x + window]), greater(up[x], down[x])),
                 lesser(greater(up[x - window], down[x + window]),
                        greater(up[x + window], down[x - window])));
      const float floor =
          greater(greater(lesser(s[x - window], s[x + window]), lesser(up[x], down[x])),
                  greater(lesser(up[x - window], down[x + window]),
                          lesser(up[x + window], down[x - window])));
      const float range = slack * (highest - lowest);
      const float most = highest + range + ridge_gain * greater(s[x] - shoulder, 0.0f),
                  least = lowest - range - ridge_gain * greater(floor - s[x], 0.0f);
      to[x] = lesser(greater(s[x] + weight[x] * d[x], least), most);
    }
  }
}

LICHTBILD_VECTOR_CLONES
void store(const float* from, Half* to, int count) {
  for (int i = 0; i < count; ++i) to[i] = half_from(from[i]);
}

float ratio_at(const PictureNoise& noise, int x, int y) {
  if (!noise.ratio || noise.ratio->empty()) return 1;
  return (*noise.ratio)(std::clamp(x / 8, 0, noise.ratio->width() - 1),
                        std::clamp(y / 8, 0, noise.ratio->height() - 1));
}

// A filter brings details of noise too: the more, the noisier middle gray is.
double regularization(const NoiseModel& noise) {
  constexpr double gray = 0.18, least = 0.008;
  const double variance = noise.scale[1] * gray + noise.offset[1];
  return least + 2 * variance / (gray * gray);
}

}  // namespace

Image<Half> deblurred(const Image<Half>& picture, const Crop& active, const LensProfile& lens,
                      const PictureNoise& noise) {
  const InverseFilters filters(lens, active.width, regularization(noise.model));
  const double half = std::hypot(active.width, active.height) / 2;
  Image<Half> out(active.width, active.height, 3);
  parallel_blocks(active.height, tile, [&](int first, int last) {
    const auto t = std::make_unique<Tile>();
    for (int x = 0; x < active.width; x += tile) {
      fetch(picture, active, x, first, *t);
      std::memset(t->energy, 0, sizeof t->energy);
      const int middle_x = x + tile / 2, middle_y = first + tile / 2;
      const double ratio = ratio_at(noise, middle_x, middle_y);
      for (int c = 0; c < 3; ++c) {
        InverseFilters::Taps taps = filters.at(c, (middle_x - lens.center_x * active.width) / half,
                                               (middle_y - lens.center_y * active.height) / half);
        taps[taps.size() / 2] -= 1;
        double power = 0;
        for (float tap : taps) power += double(tap) * tap;
        filter(t->sample[c], taps.data(), t->detail[c]);
        const double units = 3 * noise_left * ratio * power;
        add_energy(t->sample[c], t->detail[c], float(units * noise.model.scale[c]),
                   float(units * noise.model.offset[c] + 1e-12), t->energy);
      }
      weigh(*t);
      for (int c = 0; c < 3; ++c) {
        add_details(t->sample[c], t->detail[c], t->energy, t->out);
        for (int y = first; y < last; ++y)
          store(t->out[y - first], out.row(y, c) + x, std::min(tile, active.width - x));
      }
    }
  });
  return out;
}

}  // namespace lichtbild
