#include "measure/patch_lattice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace lichtbild {
namespace {

Point operator+(const Point& a, const Point& b) { return {a[0] + b[0], a[1] + b[1]}; }
Point operator-(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1]}; }
double length(const Point& p) { return std::hypot(p[0], p[1]); }

bool alike(const EvenRegion& a, const EvenRegion& b) {
  constexpr double most = 3.5;
  return a.area < most * b.area && b.area < most * a.area;
}

// Neighbors of each region, nearest first.
std::vector<std::vector<int>> neighbors_of(const std::vector<EvenRegion>& regions) {
  std::vector<std::vector<int>> all(regions.size());
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const double reach = 2.6 * std::sqrt(regions[i].area);
    for (std::size_t j = 0; j < regions.size(); ++j)
      if (i != j && std::abs(regions[j].middle[0] - regions[i].middle[0]) < reach &&
          alike(regions[i], regions[j]) && length(regions[j].middle - regions[i].middle) < reach)
        all[i].push_back(int(j));
    std::ranges::sort(all[i], {},
                      [&](int j) { return length(regions[j].middle - regions[i].middle); });
    if (all[i].size() > 8) all[i].resize(8);
  }
  return all;
}

// Steps to the next column and row, which perspective changes from node to node.
struct Steps {
  Point column, row;
};

class Growth {
 public:
  Growth(const std::vector<EvenRegion>& regions, const std::vector<std::vector<int>>& neighbors)
      : regions_(regions), neighbors_(neighbors) {}

  std::map<std::pair<int, int>, int> from(int seed, const Steps& steps) const {
    std::map<std::pair<int, int>, int> at;  // (column, row) to region
    std::set<int> used{seed};
    std::vector<std::pair<std::pair<int, int>, Steps>> front{{{0, 0}, steps}};
    at[{0, 0}] = seed;
    for (std::size_t k = 0; k < front.size(); ++k) {
      const auto [place, local] = front[k];
      constexpr int farthest = 200;
      constexpr std::array<std::array<int, 2>, 4> ways{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
      for (const auto& [dc, dr] : ways) {
        const std::pair<int, int> next{place.first + dc, place.second + dr};
        if (at.contains(next) || std::abs(next.first) > farthest ||
            std::abs(next.second) > farthest)
          continue;
        const Point step = dc != 0 ? local.column : local.row;
        const int sign = dc + dr;
        const Point move{sign * step[0], sign * step[1]};
        const int found = nearest(at[place], move);
        if (found < 0 || used.contains(found)) continue;
        const Point real = regions_[found].middle - regions_[at[place]].middle;
        Steps changed = local;
        Point& kept = dc != 0 ? changed.column : changed.row;
        kept = {0.5 * (kept[0] + sign * real[0]), 0.5 * (kept[1] + sign * real[1])};
        at[next] = found, used.insert(found);
        front.push_back({next, changed});
      }
    }
    return at;
  }

 private:
  int nearest(int region, const Point& move) const {
    const Point goal = regions_[region].middle + move;
    int best = -1;
    double distance = 0.2 * length(move);
    for (const int j : neighbors_[region])
      if (const double d = length(regions_[j].middle - goal); d < distance) best = j, distance = d;
    return best;
  }

  const std::vector<EvenRegion>& regions_;
  const std::vector<std::vector<int>>& neighbors_;
};

}  // namespace

std::vector<Lattice> find_lattices(const std::vector<EvenRegion>& regions, int least) {
  const auto neighbors = neighbors_of(regions);
  const Growth growth(regions, neighbors);
  std::vector<char> taken(regions.size(), 0);
  std::vector<Lattice> lattices;
  for (std::size_t seed = 0; seed < regions.size(); ++seed) {
    if (taken[seed]) continue;
    std::map<std::pair<int, int>, int> best;
    for (const int i : neighbors[seed])
      for (const int j : neighbors[seed]) {
        const Point column = regions[i].middle - regions[seed].middle,
                    row = regions[j].middle - regions[seed].middle;
        // Right-handed, so that no lattice is a mirror image.
        const double sine =
            (column[0] * row[1] - column[1] * row[0]) / length(column) / length(row);
        const double ratio = length(column) / length(row);
        if (sine < 0.7 || ratio < 0.5 || ratio > 2) continue;
        auto at = growth.from(int(seed), {column, row});
        if (at.size() > best.size()) best = std::move(at);
      }
    if (int(best.size()) < least) continue;
    Lattice lattice;
    for (const auto& [place, region] : best) {
      taken[region] = 1;
      lattice.nodes.push_back({place.first, place.second, regions[region].middle});
    }
    lattices.push_back(std::move(lattice));
  }
  return lattices;
}

}  // namespace lichtbild
