#include "optical_image/disk.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/vector_clones.h"

namespace lichtbild {
namespace {

constexpr double largest_direct = 8;

// Half the length of the disk's chord at a row, and what the row counts.
struct Chord {
  int row = 0;
  double half = 0;
};

// Several chords a row: small disks are round too.
std::vector<Chord> chords_of(double radius) {
  const int of_a_row = radius < 2 ? 4 : radius < 4 ? 2 : 1, reach = int(std::ceil(radius));
  std::vector<Chord> chords;
  chords.reserve(std::size_t(of_a_row) * (2 * reach + 1));
  for (int row = -reach; row <= reach; ++row)
    for (int i = 0; i < of_a_row; ++i) {
      const double at = row + (i + 0.5) / of_a_row - 0.5;
      if (std::abs(at) < radius) chords.push_back({row, std::sqrt(radius * radius - at * at)});
    }
  return chords;
}

// Of what the chords really average, along an axis: samples are squares with one value.
double variance_of(const std::vector<Chord>& chords) {
  double sum = 0, area = 0;
  for (const Chord& chord : chords) {
    const int whole = int(std::floor(chord.half + 0.5));  // samples that the end has passed
    double along = whole * whole * (chord.half + 0.5 - whole);
    for (int i = 1; i < whole; ++i) along += i * i;
    sum += 2 * along + 2 * chord.half * chord.row * chord.row;
    area += 2 * chord.half;
  }
  return area > 0 ? sum / area / 2 : 0;
}

// The chords of the disk whose average over samples has this variance.
std::vector<Chord> chords_with_variance(double variance) {
  double low = 0, high = 2 * std::sqrt(variance) + 1;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (variance_of(chords_of(middle)) < variance ? low : high) = middle;
  }
  return chords_of(high);
}

// Sums from the left border up to each sample's left edge; doubles, so that a lamp on the left
// leaves the right as it is.
class RunningSums {
 public:
  RunningSums(const Image<float>& plane, int margin) : margin_(margin) {
    sums_ = Image<double>(plane.width() + 2 * margin + 2, plane.height());
    for (int y = 0; y < plane.height(); ++y) {
      const float* row = plane.row(y);
      double* sum = sums_.row(y);
      sum[0] = 0;
      for (int i = 0; i + 1 < sums_.width(); ++i)
        sum[i + 1] = sum[i] + row[std::clamp(i - margin, 0, plane.width() - 1)];
    }
  }
  // At sample 0's left edge, of the nearest row that there is.
  const double* row(int y) const {
    return sums_.row(std::clamp(y, 0, sums_.height() - 1)) + margin_;
  }

 private:
  int margin_;
  Image<double> sums_;
};

// Adds each sample's sum over `half` to either side of its middle.
LICHTBILD_VECTOR_CLONES
void add_chord(const double* sums, double half, int count, double* total) {
  const double from = 0.5 - half, to = 0.5 + half;
  const auto first = int(std::floor(from)), last = int(std::floor(to));
  const double a = from - first, b = to - last;
  const double *low = sums + first, *high = sums + last;
  for (int x = 0; x < count; ++x)
    total[x] += high[x] + b * (high[x + 1] - high[x]) - low[x] - a * (low[x + 1] - low[x]);
}

Image<float> averaged(const Image<float>& plane, double variance) {
  const std::vector<Chord> chords = chords_with_variance(variance);
  double area = 0, farthest = 0;
  for (const Chord& chord : chords) {
    area += 2 * chord.half;
    farthest = std::max(farthest, chord.half);
  }
  const RunningSums sums(plane, int(std::ceil(farthest)) + 1);
  Image<float> out(plane.width(), plane.height());
  std::vector<double> total(plane.width());
  for (int y = 0; y < plane.height(); ++y) {
    std::fill(total.begin(), total.end(), 0.0);
    for (const Chord& chord : chords)
      add_chord(sums.row(y + chord.row), chord.half, plane.width(), total.data());
    float* to = out.row(y);
    for (int x = 0; x < plane.width(); ++x) to[x] = float(total[x] / area);
  }
  return out;
}

Image<float> halved(const Image<float>& plane) {
  Image<float> out((plane.width() + 1) / 2, (plane.height() + 1) / 2);
  for (int y = 0; y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x) {
      const int right = std::min(2 * x + 1, plane.width() - 1),
                below = std::min(2 * y + 1, plane.height() - 1);
      out(x, y) =
          (plane(2 * x, 2 * y) + plane(right, 2 * y) + plane(2 * x, below) + plane(right, below)) /
          4;
    }
  return out;
}

// Straight lines between the means' middles.
Image<float> doubled(const Image<float>& plane, int width, int height) {
  Image<float> out(width, height);
  const auto near = [](int i, int count) { return std::clamp(i, 0, count - 1); };
  for (int y = 0; y < height; ++y) {
    const float* own = plane.row(y / 2);
    const float* other = plane.row(near(y / 2 + (y % 2 ? 1 : -1), plane.height()));
    for (int x = 0; x < width; ++x) {
      const int i = x / 2, k = near(i + (x % 2 ? 1 : -1), plane.width());
      out(x, y) = 0.5625F * own[i] + 0.1875F * (own[k] + other[i]) + 0.0625F * other[k];
    }
  }
  return out;
}

}  // namespace

// A disk's variance along an axis is a quarter of its squared radius; halving and doubling together
// have 1/4 + 3/4.
Image<float> averaged_over_disk(const Image<float>& plane, double radius) {
  const double variance = radius * radius / 4;
  constexpr double of_a_change = 1, least = 0.01;
  if (variance <= least) return plane.clone();
  if (radius <= largest_direct) return averaged(plane, variance);
  return doubled(averaged_over_disk(halved(plane), std::sqrt(variance - of_a_change)),
                 plane.width(), plane.height());
}

}  // namespace lichtbild
