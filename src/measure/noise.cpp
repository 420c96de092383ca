#include "measure/noise.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace lichtbild {
namespace {

constexpr int tile_px = 64;

TransferPoint tile_at(const Image<float>& one, const Image<float>& other, const Channel& channel,
                      int left, int top) {
  double sum = 0, difference = 0, squares = 0;
  int count = 0;
  for (const auto& [phase_x, phase_y] : channel.phases) {
    double phase_difference = 0;
    int phase_count = 0;
    for (int y = top + phase_y; y < top + tile_px; y += channel.step)
      for (int x = left + phase_x; x < left + tile_px; x += channel.step) {
        const double a = one(x, y, channel.plane), b = other(x, y, channel.plane);
        sum += a + b, phase_difference += a - b, squares += (a - b) * (a - b);
        ++phase_count;
      }
    difference += phase_difference, count += phase_count;
  }
  return {sum / (2.0 * count), (squares - difference * difference / count) / (2.0 * (count - 1))};
}

struct Line {
  double scale = 0, offset = 0;
};

// A variance estimated from n samples scatters by itself times sqrt(2 / n): weights are its inverse
// square, by the line of the pass before.
std::optional<Line> fitted(const std::vector<TransferPoint>& points) {
  Line line{0, 1};
  for (int pass = 0; pass < 8; ++pass) {
    double w = 0, s = 0, ss = 0, v = 0, sv = 0;
    for (const auto& [signal, variance] : points) {
      const double expected = std::max(line.scale * signal + line.offset, 1e-14);
      const double weight = 1 / (expected * expected);
      w += weight, s += weight * signal, ss += weight * signal * signal;
      v += weight * variance, sv += weight * signal * variance;
    }
    const double determinant = w * ss - s * s;
    if (!(determinant > 1e-9 * w * ss)) return {};
    line.scale = (w * sv - s * v) / determinant;
    line.offset = (ss * v - s * sv) / determinant;
    if (!(line.scale > 0)) return {};
  }
  return line;
}

}  // namespace

std::vector<TransferPoint> transfer_points(const Image<float>& one, const Image<float>& other,
                                           const Channel& channel) {
  if (one.width() != other.width() || one.height() != other.height() ||
      one.planes() != other.planes())
    throw Error("photon transfer", "the two frames of a pair differ in size");
  std::vector<TransferPoint> points;
  for (int top = 0; top + tile_px <= one.height(); top += tile_px)
    for (int left = 0; left + tile_px <= one.width(); left += tile_px)
      points.push_back(tile_at(one, other, channel, left, top));
  return points;
}

PhotonTransfer photon_transfer(std::span<const TransferPoint> points, double range_dn,
                               double clip) {
  std::vector<TransferPoint> used;
  for (const TransferPoint& p : points)
    if (p.signal + 5 * std::sqrt(std::max(p.variance, 0.0)) < 0.97 * clip) used.push_back(p);
  const std::optional<Line> line = used.size() < 4 ? std::nullopt : fitted(used);
  if (!line)
    throw Error("photon transfer",
                fmt::format("{} tiles below the clipping level give no line of noise over light",
                            used.size()),
                "give pairs of a flat field at several exposures");
  PhotonTransfer out{.scale = line->scale, .offset = line->offset, .tiles = int(used.size())};
  out.gain_e_per_dn = 1 / (line->scale * range_dn);
  out.read_noise_e = std::sqrt(std::max(0.0, line->offset)) / line->scale;
  for (const TransferPoint& p : points)
    if (p.signal > 0.5 * clip && p.variance < 0.1 * (line->scale * p.signal + line->offset))
      out.full_well_e = std::max(out.full_well_e.value_or(0), p.signal / line->scale);
  return out;
}

}  // namespace lichtbild
