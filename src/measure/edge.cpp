#include "measure/edge.h"

#include <algorithm>
#include <cmath>
#include <complex>

namespace lichtbild {
namespace {

constexpr double bin_px = 0.25;

struct Sample {
  double along, across;  // the edge, from the region's middle
  double value;
};

std::vector<Sample> samples_of(const EdgeChannel& channel, const EdgeRegion& r) {
  const double c = std::cos(r.normal_deg * M_PI / 180), s = std::sin(r.normal_deg * M_PI / 180);
  const double reach = std::hypot(r.half_length, r.half_width);
  const Image<float>& picture = *channel.picture;
  std::vector<Sample> samples;
  for (int y = std::max(0, int(r.y - reach)); y <= std::min(picture.height() - 1, int(r.y + reach));
       ++y)
    for (int x = std::max(0, int(r.x - reach));
         x <= std::min(picture.width() - 1, int(r.x + reach)); ++x) {
      if (channel.cfa && channel.cfa->at(x, y) != channel.color) continue;
      const double dx = x - r.x, dy = y - r.y, across = c * dx + s * dy, along = c * dy - s * dx;
      if (std::abs(across) <= r.half_width && std::abs(along) <= r.half_length)
        samples.push_back({along, across, picture(x, y, channel.plane)});
    }
  return samples;
}

// Means of the samples by their distance from the line; empty bins are filled from their neighbors.
struct Spread {
  double first = 0;  // of the first bin's middle
  std::vector<double> value;

  double at(double distance) const {
    const double i = std::clamp((distance - first) / bin_px, 0.0, double(value.size() - 1) - 1e-9);
    const int k = int(i);
    return value[k] + (i - k) * (value[k + 1] - value[k]);
  }
  double slope(double distance) const {
    return (at(distance + bin_px) - at(distance - bin_px)) / (2 * bin_px);
  }
};

std::optional<Spread> spread_of(const std::vector<Sample>& samples, double half_width) {
  const int bins = 2 * int(half_width / bin_px) - 1;
  Spread spread;
  spread.first = -(bins - 1) / 2.0 * bin_px;
  std::vector<double> sum(bins, 0), aside(bins, 0);
  std::vector<int> count(bins, 0);
  for (const Sample& s : samples) {
    const int i = int(std::lround((s.across - spread.first) / bin_px));
    if (i < 0 || i >= bins) continue;
    sum[i] += s.value, ++count[i];
    aside[i] += s.across - (spread.first + i * bin_px);
  }
  int empty = 0;
  double last = 0;
  for (int i = 0; i < bins; ++i) {
    if (count[i] > 0)
      last = sum[i] / count[i];
    else
      ++empty;
    spread.value.push_back(last);
  }
  constexpr double most_empty = 0.2;
  if (bins < 16 || empty > most_empty * bins) return std::nullopt;
  // Between the bins on both sides.
  for (int i = 0; i < bins; ++i) {
    if (count[i] > 0) continue;
    int next = i;
    while (next < bins && count[next] == 0) ++next;
    if (next == bins || i == 0) continue;
    const double from = spread.value[i - 1], to = sum[next] / count[next];
    spread.value[i] = from + (to - from) / (next - i + 1);
  }
  // A bin's samples may lie to one side of its middle.
  const std::vector<double> means = spread.value;
  for (int i = 1; i + 1 < bins; ++i)
    if (count[i] > 0)
      spread.value[i] -= aside[i] / count[i] * (means[i + 1] - means[i - 1]) / (2 * bin_px);
  return spread;
}

struct Plateaus {
  double dark, light;
};

Plateaus plateaus_of(const Spread& spread) {
  const int n = int(spread.value.size()), part = std::max(2, n / 6);
  Plateaus p{0, 0};
  for (int i = 0; i < part; ++i) p.dark += spread.value[i], p.light += spread.value[n - 1 - i];
  return {p.dark / part, p.light / part};
}

// Moves and turns the line to where the samples say; how far it moved at the rim, in pixels.
double improve(const std::vector<Sample>& samples, const Spread& spread, EdgeRegion& region) {
  double a = 0, b = 0, d = 0, u = 0, v = 0;
  for (const Sample& s : samples) {
    const double slope = spread.slope(s.across), residual = s.value - spread.at(s.across),
                 t = s.along;
    a += slope * slope, b += slope * slope * t, d += slope * slope * t * t;
    u += slope * residual, v += slope * residual * t;
  }
  const double determinant = a * d - b * b;
  if (!(determinant > 0)) return INFINITY;
  // Samples see across + shift + turn x along.
  const double shift = (d * u - b * v) / determinant, turn = (a * v - b * u) / determinant;
  const double c = std::cos(region.normal_deg * M_PI / 180),
               s = std::sin(region.normal_deg * M_PI / 180);
  region.x -= c * shift, region.y -= s * shift;
  region.normal_deg += turn * 180 / M_PI;
  return std::abs(shift) + std::abs(turn) * region.half_length;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); }

void add_transfer(const Spread& spread, EdgeResponse& out) {
  const int n = int(spread.value.size());
  const double half = (n - 1) / 2.0 * bin_px;
  for (int k = 0; k <= 100; ++k) {
    const double f = k / 100.0;
    std::complex<double> sum = 0;
    for (int i = 1; i + 1 < n; ++i) {
      const double x = spread.first + i * bin_px;
      // Flat over the middle two thirds, then a cosine (Tukey): the edge's far ends are noise.
      const double rim = std::max(0.0, std::abs(x) / half - 2.0 / 3) * 3;
      const double window = 0.5 + 0.5 * std::cos(M_PI * std::min(rim, 1.0));
      sum +=
          window * (spread.value[i + 1] - spread.value[i - 1]) * std::polar(1.0, -2 * M_PI * f * x);
    }
    // The bins' width and the difference over two of them are low-pass filters of known shape.
    out.cycles_per_px.push_back(f);
    out.mtf.push_back(std::abs(sum) / (sinc(f * bin_px) * sinc(f * 2 * bin_px)));
  }
  const double whole = std::max(1e-12, out.mtf[0]);
  for (double& m : out.mtf) m /= whole;
}

double falls_to(const EdgeResponse& e, double level) {
  for (std::size_t i = 1; i < e.mtf.size(); ++i)
    if (e.mtf[i] < level)
      return e.cycles_per_px[i - 1] +
             0.01 * (e.mtf[i - 1] - level) / std::max(1e-12, e.mtf[i - 1] - e.mtf[i]);
  return 0;
}

}  // namespace

double EdgeResponse::at(double frequency) const {
  const double i = std::clamp(frequency * 100, 0.0, double(mtf.size() - 1) - 1e-9);
  const int k = int(i);
  return mtf[k] + (i - k) * (mtf[k + 1] - mtf[k]);
}

std::optional<EdgeResponse> edge_response(const EdgeChannel& channel, const EdgeRegion& region) {
  EdgeResponse out;
  out.region = region;
  std::optional<Spread> spread;
  for (int step = 0; step < 12; ++step) {
    const auto samples = samples_of(channel, out.region);
    spread = spread_of(samples, region.half_width);
    out.samples = int(samples.size());
    if (!spread) return std::nullopt;
    const double moved = improve(samples, *spread, out.region);
    if (!(moved < region.half_width)) return std::nullopt;
    constexpr double settled_px = 1e-3;
    if (moved < settled_px) break;
  }
  const Plateaus p = plateaus_of(*spread);
  out.step = p.light - p.dark;
  if (!(std::abs(out.step) > 0)) return std::nullopt;
  const auto [low, high] = std::minmax_element(spread->value.begin(), spread->value.end());
  const double top = std::max(p.dark, p.light), bottom = std::min(p.dark, p.light);
  out.overshoot = std::max(*high - top, bottom - *low) / (top - bottom);
  add_transfer(*spread, out);
  out.mtf50 = falls_to(out, 0.5);
  out.mtf10 = falls_to(out, 0.1);
  return out;
}

std::optional<EdgeRegion> edge_in(const EdgeChannel& channel, const Crop& crop) {
  const Image<float>& picture = *channel.picture;
  const int pitch = channel.cfa ? 2 : 1;
  double xx = 0, xy = 0, yy = 0, weight = 0, mx = 0, my = 0, gx_sum = 0, gy_sum = 0;
  for (int y = std::max(crop.y, pitch);
       y < std::min(crop.y + crop.height, picture.height() - pitch); ++y)
    for (int x = std::max(crop.x, pitch);
         x < std::min(crop.x + crop.width, picture.width() - pitch); ++x) {
      if (channel.cfa && channel.cfa->at(x, y) != channel.color) continue;
      const int p = channel.plane;
      const double gx = picture(x + pitch, y, p) - picture(x - pitch, y, p),
                   gy = picture(x, y + pitch, p) - picture(x, y - pitch, p);
      const double w = gx * gx + gy * gy;
      xx += gx * gx, xy += gx * gy, yy += gy * gy;
      gx_sum += gx, gy_sum += gy;
      weight += w, mx += w * x, my += w * y;
    }
  if (!(weight > 0)) return std::nullopt;
  EdgeRegion region;
  region.x = mx / weight, region.y = my / weight;
  double normal = 0.5 * std::atan2(2 * xy, xx - yy);
  if (std::cos(normal) * gx_sum + std::sin(normal) * gy_sum < 0) normal += M_PI;
  region.normal_deg = normal * 180 / M_PI;
  const double c = std::abs(std::cos(normal)), s = std::abs(std::sin(normal));
  // The largest strip that stays inside the crop.
  const double left = std::min(region.x - crop.x, crop.x + crop.width - region.x),
               up = std::min(region.y - crop.y, crop.y + crop.height - region.y);
  region.half_width = 0.7 * (c > s ? left : up);
  region.half_length = 0.8 * (c > s ? up : left);
  return region;
}

char orientation_of(const EdgeRegion& region, int width, int height) {
  const double x = region.x - (width - 1) / 2.0, y = region.y - (height - 1) / 2.0;
  constexpr double near_px = 0.05;  // of the height: no direction near the middle
  if (std::hypot(x, y) < near_px * height) return ' ';
  const double between =
      std::abs(std::remainder(region.normal_deg - std::atan2(y, x) * 180 / M_PI, 180));
  constexpr double tolerance_deg = 15;
  return between < tolerance_deg ? 'T' : between > 90 - tolerance_deg ? 'S' : ' ';
}

}  // namespace lichtbild
