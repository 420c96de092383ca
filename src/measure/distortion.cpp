#include "measure/distortion.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/error.h"
#include "measure/patch_lattice.h"

namespace lichtbild {
namespace {

constexpr double blur_cells = 4;

// Local minima, clearly darker than the lightest places around, and nearly as much so as most:
// those along a line are only half as dark as crossings.
std::vector<Point> dark_places(const Image<float>& blurred) {
  constexpr int around = 5;
  const int ring = int(4 * blur_cells);
  std::vector<Point> places;
  std::vector<float> depths;
  for (int y = ring; y < blurred.height() - ring; ++y)
    for (int x = ring; x < blurred.width() - ring; ++x) {
      const float v = blurred(x, y);
      if (v > blurred(x - 1, y) || v >= blurred(x + 1, y) || v > blurred(x, y - 1) ||
          v >= blurred(x, y + 1))
        continue;
      bool least = true;
      for (int j = -around; j <= around && least; ++j)
        for (int i = -around; i <= around && least; ++i) least = v <= blurred(x + i, y + j);
      float light = 0;
      for (const int j : {-ring, ring})
        for (const int i : {-ring, ring}) light = std::max(light, blurred(x + i, y + j));
      if (!least || v > 0.9F * light) continue;
      places.push_back({double(x), double(y)}), depths.push_back(1 - v / light);
    }
  if (places.empty()) return places;
  std::vector<float> sorted = depths;
  const auto high = sorted.begin() + long(double(sorted.size() - 1) * 0.85);
  std::ranges::nth_element(sorted, high);
  std::vector<Point> crossings;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (depths[i] > 0.75F * *high) crossings.push_back(places[i]);
  return crossings;
}

double usual_distance(const std::vector<Point>& places) {
  std::vector<double> nearest;
  for (std::size_t i = 0; i < places.size(); ++i) {
    double least = 1e30;
    for (std::size_t j = 0; j < places.size(); ++j)
      if (i != j)
        least =
            std::min(least, std::hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]));
    nearest.push_back(least);
  }
  std::ranges::nth_element(nearest, nearest.begin() + long(nearest.size() / 2));
  return nearest[nearest.size() / 2];
}

struct Strip {
  Point middle;
  Point across;                    // unit vector over the line
  double half_along, half_across;  // pixels
};

// The line's place in the strip, from its middle: the centroid of darkness below the straight line
// through the ground on both sides.
std::optional<double> line_in(const Image<float>& picture, const Channel& channel,
                              const Strip& strip) {
  const auto& [nx, ny] = strip.across;
  const double span_x = std::abs(nx) * strip.half_across + std::abs(ny) * strip.half_along,
               span_y = std::abs(ny) * strip.half_across + std::abs(nx) * strip.half_along;
  struct Sample {
    double across, value;
  };
  std::vector<Sample> samples;
  const auto& [mx, my] = strip.middle;
  if (mx - span_x < 0 || my - span_y < 0 || mx + span_x > picture.width() - 1 ||
      my + span_y > picture.height() - 1)
    return {};
  for (const auto& [phase_x, phase_y] : channel.phases) {
    const auto first = [&](double from, int phase) {
      return phase + channel.step * int(std::ceil((from - phase) / channel.step));
    };
    for (int y = first(my - span_y, phase_y); y <= my + span_y; y += channel.step)
      for (int x = first(mx - span_x, phase_x); x <= mx + span_x; x += channel.step) {
        const double dx = x - mx, dy = y - my, across = dx * nx + dy * ny;
        if (std::abs(across) <= strip.half_across &&
            std::abs(dx * ny - dy * nx) <= strip.half_along)
          samples.push_back({across, picture(x, y, channel.plane)});
      }
  }
  double low = 0, high = 0;
  int lows = 0, highs = 0;
  for (const auto& [across, value] : samples) {
    if (across < -0.75 * strip.half_across) low += value, ++lows;
    if (across > 0.75 * strip.half_across) high += value, ++highs;
  }
  if (lows == 0 || highs == 0) return {};
  low /= lows, high /= highs;
  double weight = 0, place = 0;
  for (const auto& [across, value] : samples) {
    if (std::abs(across) > 0.75 * strip.half_across) continue;
    const double ground = low + (high - low) * (across / (1.75 * strip.half_across) + 0.5);
    weight += ground - value, place += (ground - value) * across;
  }
  const double ground = 0.5 * (low + high);
  if (!(weight > 0.02 * ground * double(samples.size()))) return {};
  return place / weight;
}

// Where the lines through opposite arms meet. `column`, `row`: steps to the neighbors.
std::optional<Point> crossing_at(const Image<float>& picture, const Channel& channel, Point middle,
                                 const Point& column, const Point& row) {
  for (int pass = 0; pass < 3; ++pass) {
    std::array<std::array<Point, 2>, 2> arms;
    for (int line = 0; line < 2; ++line) {
      const Point& along = line == 0 ? column : row;
      const double length = std::hypot(along[0], along[1]);
      const Point across{-along[1] / length, along[0] / length};
      for (int side = 0; side < 2; ++side) {
        const double away = side == 0 ? -0.25 : 0.25;
        Strip strip{{middle[0] + away * along[0], middle[1] + away * along[1]},
                    across,
                    0.1 * length,
                    0.2 * length};
        for (int again = 0; again < 2; ++again) {
          const auto off = line_in(picture, channel, strip);
          if (!off) return {};
          strip.middle = {strip.middle[0] + *off * across[0], strip.middle[1] + *off * across[1]};
        }
        arms[line][side] = strip.middle;
      }
    }
    const auto& [a, b] = arms[0];
    const auto& [c, d] = arms[1];
    const double ux = b[0] - a[0], uy = b[1] - a[1], vx = d[0] - c[0], vy = d[1] - c[1];
    const double t = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / (ux * vy - uy * vx);
    middle = {a[0] + t * ux, a[1] + t * uy};
  }
  return middle;
}

Deviation deviation(const std::vector<Point>& a, const std::vector<Point>& b) {
  Deviation out;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::hypot(a[i][0] - b[i][0], a[i][1] - b[i][1]);
    out.rms_px += d * d / double(a.size()), out.max_px = std::max(out.max_px, d);
  }
  out.rms_px = std::sqrt(out.rms_px);
  return out;
}

std::vector<Point> places_of(const std::vector<GridCrossing>& crossings, int channel) {
  std::vector<Point> out;
  out.reserve(crossings.size());
  for (const GridCrossing& crossing : crossings) out.push_back(crossing.place[channel]);
  return out;
}

std::vector<GridCrossing> measured(const Image<float>& picture, std::span<const Channel> channels,
                                   const Lattice& lattice, const GrayCells& cells) {
  std::map<std::pair<int, int>, Point> rough;
  for (const auto& [column, row, place] : lattice.nodes)
    rough[{column, row}] = {cells.pixel(place[0]), cells.pixel(place[1])};
  // Half the way between the neighbors on both sides, or to the only one.
  const auto step = [&](int column, int row, int dc, int dr) -> std::optional<Point> {
    const auto next = rough.find({column + dc, row + dr}),
               last = rough.find({column - dc, row - dr});
    if (next == rough.end() && last == rough.end()) return {};
    const Point here = rough.at({column, row});
    const Point a = last == rough.end() ? here : last->second,
                b = next == rough.end() ? here : next->second;
    const double share = last != rough.end() && next != rough.end() ? 0.5 : 1;
    return Point{share * (b[0] - a[0]), share * (b[1] - a[1])};
  };
  std::vector<GridCrossing> crossings;
  for (const auto& [at, place] : rough) {
    const auto column = step(at.first, at.second, 1, 0), row = step(at.first, at.second, 0, 1);
    if (!column || !row) continue;
    GridCrossing crossing{at.first, at.second, {}};
    bool whole = true;
    for (int c = 0; c < 3 && whole; ++c) {
      const Channel& channel = channels[std::min<std::size_t>(c, channels.size() - 1)];
      const auto exact = crossing_at(picture, channel, place, *column, *row);
      whole = exact.has_value();
      if (whole) crossing.place[c] = *exact;
    }
    if (whole) crossings.push_back(crossing);
  }
  return crossings;
}

}  // namespace

GridDistortion grid_distortion(const Image<float>& picture, std::span<const Channel> channels,
                               const std::string& path) {
  const bool halved = channels.front().step > 1 || picture.width() + picture.height() > 3000;
  GrayCells cells = gray_cells(picture, halved ? 2 : 1);
  cells.value = gaussian_blurred(cells.value, blur_cells);
  const std::vector<Point> places = dark_places(cells.value);
  const auto missing = [&](std::size_t crossings) {
    return Error(path,
                 fmt::format("no grid found: {} dark places seen, {} of them crossings of lines in "
                             "rows and columns",
                             places.size(), crossings),
                 "photograph dark lines on white, as chart:grid draws them");
  };
  constexpr std::size_t least = 20;
  if (places.size() < least || places.size() > 20000) throw missing(0);
  const double side = usual_distance(places) * 0.7;
  std::vector<EvenRegion> regions;
  regions.reserve(places.size());
  for (const Point& place : places) regions.push_back({place, side * side});
  std::vector<Lattice> lattices = find_lattices(regions, int(least));
  if (lattices.empty()) throw missing(0);
  const auto largest = std::ranges::max_element(
      lattices, {}, [](const Lattice& lattice) { return lattice.nodes.size(); });
  GridDistortion out;
  out.crossings = measured(picture, channels, *largest, cells);
  if (out.crossings.size() < least) throw missing(out.crossings.size());

  std::vector<Point> grid;
  grid.reserve(out.crossings.size());
  for (const GridCrossing& crossing : out.crossings)
    grid.push_back({double(crossing.column), double(crossing.row)});
  const std::vector<Point> green = places_of(out.crossings, 1);
  const auto fit = fitted_homography(grid, green);
  if (!fit) throw missing(out.crossings.size());
  out.picture_from_grid = *fit;
  for (Point& p : grid) p = seen(*fit, p);
  out.from_grid = deviation(green, grid);
  out.red_from_green = deviation(places_of(out.crossings, 0), green);
  out.blue_from_green = deviation(places_of(out.crossings, 2), green);
  return out;
}

}  // namespace lichtbild
