#include "develop/highlights.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "core/parallel.h"
#include "core/vector_clones.h"

namespace lichtbild {
namespace {

constexpr float margin = 0.985f;   // noise scatters samples below the clip
constexpr int rows_of_block = 16;  // skies clip, the ground does not: rows differ in work

struct Quads {
  int width, height;
  std::vector<std::uint8_t> clipped;  // bit c: some sample of color c in the quad is clipped
};

// Marks the clipped quads of two rows of samples and counts the samples. A plain loop, so that the
// compiler takes several quads at a time.
LICHTBILD_VECTOR_CLONES
int mark_clipped(const float* top, const float* bottom, int quads, const float* limit,
                 const std::uint8_t* bit, std::uint8_t* out) {
  const float limit_a = limit[0], limit_b = limit[1], limit_c = limit[2], limit_d = limit[3];
  const int bit_a = bit[0], bit_b = bit[1], bit_c = bit[2], bit_d = bit[3];
  int found = 0;
  for (int x = 0; x < quads; ++x) {
    const int a = top[2 * x] >= limit_a, b = top[2 * x + 1] >= limit_b;
    const int c = bottom[2 * x] >= limit_c, d = bottom[2 * x + 1] >= limit_d;
    out[x] = std::uint8_t(a * bit_a | b * bit_b | c * bit_c | d * bit_d);
    found += a + b + c + d;
  }
  return found;
}

// Which quads hold clipped samples, and how many samples there are.
Quads find_clipped(const Image<float>& mosaic, const Cfa& cfa, const Vector3& clip, long& count) {
  Quads quads{mosaic.width() / 2, mosaic.height() / 2, {}};
  quads.clipped.resize(std::size_t(quads.width) * quads.height);
  float limit[4];
  std::uint8_t bit[4];
  for (int place = 0; place < 4; ++place) {
    limit[place] = margin * float(clip[int(cfa.colors[place])]);
    bit[place] = std::uint8_t(1 << int(cfa.colors[place]));
  }
  std::atomic<long> total = 0;
  parallel_rows(quads.height, [&](int first, int last) {
    long found = 0;
    for (int y = first; y < last; ++y)
      found += mark_clipped(mosaic.row(2 * y), mosaic.row(2 * y + 1), quads.width, limit, bit,
                            &quads.clipped[std::size_t(y) * quads.width]);
    total += found;
  });
  count = total;
  return quads;
}

// The mean of each color over the 3x3 quads around a quad.
Vector3 means_around(const Image<float>& mosaic, const Cfa& cfa, const Quads& quads, int x, int y) {
  Vector3 sum{}, count{};
  for (int j = std::max(y - 1, 0); j <= std::min(y + 1, quads.height - 1); ++j)
    for (int i = std::max(x - 1, 0); i <= std::min(x + 1, quads.width - 1); ++i)
      for (int place = 0; place < 4; ++place) {
        const int c = int(cfa.colors[place]);
        sum[c] += std::max(mosaic(2 * i + place % 2, 2 * j + place / 2), 0.0f);
        ++count[c];
      }
  for (int c = 0; c < 3; ++c) sum[c] /= count[c];
  return sum;
}

double from_opposed(const Vector3& means, int c) {
  const double root = (std::cbrt(means[(c + 1) % 3]) + std::cbrt(means[(c + 2) % 3])) / 2;
  return root * root * root;
}

struct Differences {
  Vector3 sum{}, count{};
};

// How the colors of unclipped quads near clipped ones in a row differ from what the others say.
Differences differences_in_row(const Image<float>& mosaic, const Cfa& cfa, const Quads& quads,
                               const Vector3& clip, int y, int reach) {
  Differences row;
  for (int x = reach; x < quads.width - reach; x += 2) {
    const std::size_t at = std::size_t(y) * quads.width + x;
    if (quads.clipped[at]) continue;
    const std::uint8_t near = quads.clipped[at - reach] | quads.clipped[at + reach] |
                              quads.clipped[at - std::size_t(reach) * quads.width] |
                              quads.clipped[at + std::size_t(reach) * quads.width];
    if (!near) continue;
    const Vector3 means = means_around(mosaic, cfa, quads, x, y);
    for (int c = 0; c < 3; ++c)
      if (near & (1 << c) && means[c] > 0.3 * clip[c]) {
        row.sum[c] += means[c] - from_opposed(means, c);
        ++row.count[c];
      }
  }
  return row;
}

// The typical difference of a color from its estimate by the others, around clipped places.
Vector3 typical_difference(const Image<float>& mosaic, const Cfa& cfa, const Quads& quads,
                           const Vector3& clip) {
  constexpr int reach = 3;
  const int rows = std::max((quads.height - 2 * reach + 1) / 2, 0);
  std::vector<Differences> differences(rows);
  parallel_blocks(rows, rows_of_block / 2, [&](int first, int last) {
    for (int k = first; k < last; ++k)
      differences[k] = differences_in_row(mosaic, cfa, quads, clip, reach + 2 * k, reach);
  });
  Vector3 sum{}, count{};
  for (const Differences& row : differences)
    for (int c = 0; c < 3; ++c) sum[c] += row.sum[c], count[c] += row.count[c];
  for (int c = 0; c < 3; ++c) sum[c] = count[c] > 50 ? sum[c] / count[c] : 0;
  return sum;
}

struct Rebuilt {
  int x, y;
  float value;
};

// New values for the samples of a row's clipped quads.
std::vector<Rebuilt> rebuilt_row(const Image<float>& mosaic, const Cfa& cfa, const Quads& quads,
                                 const Vector3& clip, const Vector3& difference, int y) {
  const double lowest_clip = *std::min_element(clip.begin(), clip.end());
  const std::uint8_t* row = &quads.clipped[std::size_t(y) * quads.width];
  std::vector<Rebuilt> rebuilt;
  rebuilt.reserve(4 * std::size_t(quads.width - std::count(row, row + quads.width, 0)));
  for (int x = 0; x < quads.width; ++x) {
    if (!row[x]) continue;
    const Vector3 means = means_around(mosaic, cfa, quads, x, y);
    // All colors at the lowest clip or beyond: how far the quad is from telling anything about
    // color. Where it tells nothing no estimate counts.
    const double least = *std::min_element(means.begin(), means.end());
    const double known = std::clamp((lowest_clip - least) / (0.15 * lowest_clip), 0.0, 1.0);
    const double brightest = std::max({means[0], means[1], means[2]});
    for (int place = 0; place < 4; ++place) {
      const int c = int(cfa.colors[place]), sx = 2 * x + place % 2, sy = 2 * y + place / 2;
      const float sample = mosaic(sx, sy);
      const bool at_clip = row[x] & (1 << c) && sample >= margin * float(clip[c]);
      const double estimate = at_clip && known > 0
                                  ? std::max(double(sample), from_opposed(means, c) + difference[c])
                                  : sample;
      rebuilt.push_back(
          {sx, sy, float(known * estimate + (1 - known) * std::max(brightest, double(sample)))});
    }
  }
  return rebuilt;
}

}  // namespace

double rebuild_highlights(Image<float>& mosaic, const Cfa& cfa, const Vector3& clip) {
  long count = 0;
  const Quads quads = find_clipped(mosaic, cfa, clip, count);
  if (count == 0) return 0;
  const Vector3 difference = typical_difference(mosaic, cfa, quads, clip);
  // Rows of quads are rebuilt from a picture that is not changed meanwhile.
  std::vector<std::vector<Rebuilt>> rebuilt(quads.height);
  parallel_blocks(quads.height, rows_of_block, [&](int first, int last) {
    for (int y = first; y < last; ++y)
      rebuilt[y] = rebuilt_row(mosaic, cfa, quads, clip, difference, y);
  });
  parallel_blocks(quads.height, rows_of_block, [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (const Rebuilt& r : rebuilt[y]) mosaic(r.x, r.y) = r.value;
  });
  return double(count) / double(mosaic.size());
}

}  // namespace lichtbild
