// find_defects, repair: hot and dead samples, judged by the noise and not by a fixed threshold.
//
// A sample is suspect when it lies beyond the second most extreme of its eight same-colored
// neighbors (the second, so that two defects side by side do not hide each other) by more than the
// noise and more than those neighbors differ among themselves. It is acquitted when the samples of
// the other colors around it rise or fall with it: light that passed a lens never falls on one
// sample alone, a defect does.
#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <set>
#include <utility>

#include "core/parallel.h"
#include "core/vector_clones.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

constexpr float sigmas = 5;  // beyond the neighbors, in standard deviations

// Mirrors at the border sample: keeps the color.
int mirrored(int at, int size) {
  if (at < 0) at = -at;
  return at >= size ? 2 * (size - 1) - at : at;
}

class Neighborhood {
 public:
  Neighborhood(const Image<float>& mosaic, int x, int y) : mosaic_(mosaic), x_(x), y_(y) {}
  float operator()(int dx, int dy) const {
    return mosaic_(mirrored(x_ + dx, mosaic_.width()), mirrored(y_ + dy, mosaic_.height()));
  }

 private:
  const Image<float>& mosaic_;
  int x_, y_;
};

// Extremes of the eight same-colored neighbors, the outermost one left out on each side.
struct Extremes {
  float low1, low2, high1, high2;

  explicit Extremes(float first) : low1(first), low2(1e30f), high1(first), high2(-1e30f) {}
  void take(float value) {
    const float lower = high1 < value ? high1 : value, upper = low1 > value ? low1 : value;
    high2 = high2 > lower ? high2 : lower;
    low2 = low2 < upper ? low2 : upper;
    high1 = high1 > value ? high1 : value;
    low1 = low1 < value ? low1 : value;
  }
};

// How far the sample lies beyond its neighbors, 0 inside; not enough to be a defect below 0.
bool is_suspect(float sample, const Extremes& e, float scale, float offset) {
  const float above = sample - e.high2, below = e.low2 - sample;
  const float beyond = above > below ? above : below;
  const float level = e.high2 > 0 ? e.high2 : 0;
  const float spread = e.high2 - e.low2;
  const float variance = sigmas * sigmas * (scale * level + offset);
  return (beyond > spread) & (beyond * beyond > variance) & (beyond > 0);
}

Extremes extremes_at(const Neighborhood& near) {
  Extremes extremes(near(-2, -2));
  constexpr std::array<std::pair<int, int>, 7> others{
      {{0, -2}, {2, -2}, {-2, 0}, {2, 0}, {-2, 2}, {0, 2}, {2, 2}}};
  for (const auto& [dx, dy] : others) extremes.take(near(dx, dy));
  return extremes;
}

// The four samples beside it, of the other colors, above their own surroundings, in rising order.
// `surroundings` makes one value of four.
template <class Surroundings>
std::array<float, 4> rises_beside(const Neighborhood& near, Surroundings&& surroundings) {
  const float beside_x = surroundings(near(-1, -2), near(1, -2), near(-1, 2), near(1, 2));
  const float beside_y = surroundings(near(-2, -1), near(-2, 1), near(2, -1), near(2, 1));
  std::array<float, 4> rises{near(-1, 0) - beside_x, near(1, 0) - beside_x, near(0, -1) - beside_y,
                             near(0, 1) - beside_y};
  std::ranges::sort(rises);
  return rises;
}

// A point of light raises two of the samples beside its peak (not only one, which may be a defect
// itself); on its flank, the sample next to the peak rises more than the suspect.
bool is_point_of_light(const Neighborhood& near, float beyond, float sigma) {
  const auto rises = rises_beside(near, [](float a, float b, float c, float d) {
    return std::min({a, b, c, d});
  });
  return rises[2] > std::max(0.08f * beyond, 2.5f * sigma) || rises[3] > beyond + 2 * sigma;
}

// Dark points are rarer and softer: here the suspect needs more company.
bool is_dark_detail(const Neighborhood& near, float beyond, float sigma) {
  const auto rises =
      rises_beside(near, [](float a, float b, float c, float d) { return (a + b + c + d) / 4; });
  return -(rises[1] + rises[2]) / 2 > std::max(0.2f * beyond, 1.5f * sigma);
}

bool is_defect(const Image<float>& mosaic, const Cfa& cfa, const NoiseModel& noise, int x, int y) {
  const int color = int(cfa.at(x, y));
  const auto scale = float(noise.scale[color]), offset = float(noise.offset[color]);
  const Neighborhood near(mosaic, x, y);
  const Extremes extremes = extremes_at(near);
  if (!is_suspect(near(0, 0), extremes, scale, offset)) return false;
  const float sigma = std::sqrt(scale * std::max(extremes.high2, 0.0f) + offset);
  if (near(0, 0) > extremes.high2)
    return !is_point_of_light(near, near(0, 0) - extremes.high2, sigma);
  return !is_dark_detail(near, extremes.low2 - near(0, 0), sigma);
}

// Marks the suspects of a row, its two columns at either end excepted. Plain loops over whole rows,
// so that the compiler takes several samples at a time.
LICHTBILD_VECTOR_CLONES
void mark_suspects(const float* up, const float* here, const float* down, int width, float scale,
                   float offset, std::uint8_t* suspects) {
  for (int x = 2; x < width - 2; ++x) {
    Extremes extremes(up[x - 2]);
    extremes.take(up[x]), extremes.take(up[x + 2]);
    extremes.take(here[x - 2]), extremes.take(here[x + 2]);
    extremes.take(down[x - 2]), extremes.take(down[x]), extremes.take(down[x + 2]);
    suspects[x] = is_suspect(here[x], extremes, scale, offset);
  }
}

void find_in_row(const RawFrame& frame, const NoiseModel& noise, int y,
                 std::vector<std::uint8_t>& suspects, std::vector<Defect>& found) {
  const auto& [info, mosaic] = frame;
  const int width = mosaic.width(), height = mosaic.height();
  // The smaller noise of the row's two colors: is_defect() takes the right one.
  const int first = int(info.cfa.at(0, y)), second = int(info.cfa.at(1, y));
  std::ranges::fill(suspects, 1);
  mark_suspects(mosaic.row(mirrored(y - 2, height)), mosaic.row(y),
                mosaic.row(mirrored(y + 2, height)), width,
                float(std::min(noise.scale[first], noise.scale[second])),
                float(std::min(noise.offset[first], noise.offset[second])), suspects.data());
  for (auto x = std::ranges::find(suspects, 1); x != suspects.end();
       x = std::find(x + 1, suspects.end(), 1))
    if (const int column = int(x - suspects.begin()); is_defect(mosaic, info.cfa, noise, column, y))
      found.push_back({column, y});
}

// The mean of the pair of opposite neighbors that agree best, none of them a defect itself; else
// what any neighbor says.
float replacement(const Image<float>& mosaic, Defect defect,
                  const std::set<std::pair<int, int>>& defects) {
  constexpr std::array<std::pair<int, int>, 4> directions{{{2, 0}, {0, 2}, {2, 2}, {2, -2}}};
  const auto is_sound = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < mosaic.width() && y < mosaic.height() &&
           !defects.contains({y, x});
  };
  float best = mosaic(defect.x, defect.y), least = 1e30f;
  for (const auto& [dx, dy] : directions) {
    const bool after = is_sound(defect.x + dx, defect.y + dy);
    const bool before = is_sound(defect.x - dx, defect.y - dy);
    if (!after && !before) continue;
    const float a = after ? mosaic(defect.x + dx, defect.y + dy) : 0;
    const float b = before ? mosaic(defect.x - dx, defect.y - dy) : 0;
    // A lone neighbor only counts where there is no pair.
    const float difference = after && before ? std::abs(a - b) : 1e29f;
    if (difference < least) least = difference, best = after && before ? (a + b) / 2 : a + b;
  }
  return best;
}

}  // namespace

std::vector<Defect> find_defects(const RawFrame& frame, const NoiseModel& noise) {
  const Image<float>& mosaic = frame.mosaic;
  if (mosaic.width() < 5 || mosaic.height() < 5) return {};
  std::mutex mutex;
  std::vector<Defect> all;
  parallel_rows(mosaic.height(), [&](int first, int last) {
    std::vector<std::uint8_t> suspects(mosaic.width());
    std::vector<Defect> found;
    for (int y = first; y < last; ++y) find_in_row(frame, noise, y, suspects, found);
    const std::lock_guard lock(mutex);
    all.insert(all.end(), found.begin(), found.end());
  });
  // The threads end in any order.
  std::ranges::sort(all, {}, [](Defect d) { return std::pair(d.y, d.x); });
  return all;
}

void repair(Image<float>& mosaic, std::span<const Defect> defects) {
  std::set<std::pair<int, int>> places;
  for (const Defect defect : defects) places.insert({defect.y, defect.x});
  for (const Defect defect : defects)
    mosaic(defect.x, defect.y) = replacement(mosaic, defect, places);
}

}  // namespace lichtbild
