#include <algorithm>
#include <cmath>
#include <complex>

#include "core/sinc.h"
#include "measure/edge.h"

namespace lichtbild {
namespace {

constexpr int per_px = 4;             // bins of the profile
constexpr double plateau_from = 0.6;  // of the half width: even surfaces lie beyond

struct Sample {
  double along, across;  // from the edge's middle; along is -1..1
  double value;
};

struct Reach {
  double half_length, half_width;  // pixels
};

// The corners' own blur stays out: they are half a side away from the middle.
Reach reach_of(const Edge& edge) {
  return {0.33 * edge.length_px, std::clamp(0.33 * edge.length_px, 4.0, 40.0)};
}

std::vector<Sample> samples_beside(const Image<float>& picture, const Channel& channel,
                                   const Edge& edge, const Reach& reach) {
  const double nx = std::cos(edge.normal_deg * M_PI / 180),
               ny = std::sin(edge.normal_deg * M_PI / 180);
  const double margin = 3, width = reach.half_width + margin;
  const double span_x = std::abs(nx) * width + std::abs(ny) * reach.half_length,
               span_y = std::abs(ny) * width + std::abs(nx) * reach.half_length;
  std::vector<Sample> samples;
  if (edge.x - span_x < 0 || edge.y - span_y < 0 || edge.x + span_x > picture.width() - 1 ||
      edge.y + span_y > picture.height() - 1)
    return samples;
  for (const auto& [phase_x, phase_y] : channel.phases) {
    const auto first = [&](double from, int phase) {
      return phase + channel.step * int(std::ceil((from - phase) / channel.step));
    };
    for (int y = first(edge.y - span_y, phase_y); y <= edge.y + span_y; y += channel.step)
      for (int x = first(edge.x - span_x, phase_x); x <= edge.x + span_x; x += channel.step) {
        const double dx = x - edge.x, dy = y - edge.y;
        const double across = dx * nx + dy * ny, along = (dy * nx - dx * ny) / reach.half_length;
        if (std::abs(across) <= width && std::abs(along) <= 1)
          samples.push_back({along, across, picture(x, y, channel.plane)});
      }
  }
  return samples;
}

// The edge's place across over its length: offset + slope a + bend (a^2 - 1/3).
struct Line {
  double offset = 0, slope = 0, bend = 0;
  double at(double a) const { return offset + slope * a + bend * (a * a - 1.0 / 3); }
};

struct Profile {
  std::vector<double> value;
  double start = 0;  // middle of the first bin, pixels
  double empty = 0;  // share of bins without a sample

  double at(double place) const {
    const double u = std::clamp((place - start) * per_px, 0.0, double(value.size()) - 1.001);
    const int i = int(u);
    return value[i] + (u - i) * (value[i + 1] - value[i]);
  }
  double slope_at(double place) const { return at(place + 0.5) - at(place - 0.5); }
};

void fill_gaps(std::vector<double>& value, const std::vector<double>& weight) {
  const int bins = int(value.size());
  for (int i = 0, last = -1; i <= bins; ++i) {
    if (i < bins && weight[i] == 0) continue;
    for (int gap = last + 1; gap < i; ++gap)
      value[gap] = last < 0    ? value[std::min(i, bins - 1)]
                   : i == bins ? value[last]
                               : value[last] + (value[i] - value[last]) * (gap - last) / (i - last);
    last = i;
  }
}

Profile profile_of(const std::vector<Sample>& samples, const Line& line, double half_width) {
  const int reach = int(half_width * per_px), bins = 2 * reach + 1;
  Profile profile{std::vector<double>(bins), -double(reach) / per_px};
  std::vector<double> weight(bins), place(bins);
  for (const Sample& s : samples) {
    const double across = s.across - line.at(s.along);
    const int bin = int(std::lround((across - profile.start) * per_px));
    if (bin < 0 || bin >= bins) continue;
    weight[bin] += 1, profile.value[bin] += s.value;
    place[bin] += across - (profile.start + double(bin) / per_px);
  }
  for (int i = 0; i < bins; ++i)
    if (weight[i] > 0)
      profile.value[i] /= weight[i], place[i] /= weight[i];
    else
      profile.empty += 1.0 / bins;
  fill_gaps(profile.value, weight);
  // A bin's samples do not lie around its middle evenly.
  const std::vector<double> mean = profile.value;
  for (int i = 1; i + 1 < bins; ++i)
    profile.value[i] -= place[i] * (mean[i + 1] - mean[i - 1]) * per_px / 2;
  return profile;
}

// Gauss-Newton: slope and bend that make the samples follow one profile.
Line fitted_line(const std::vector<Sample>& samples, double half_width) {
  Line line;
  for (int pass = 0; pass < 30; ++pass) {
    const Profile profile = profile_of(samples, line, half_width);
    double ss = 0, sb = 0, bb = 0, rs = 0, rb = 0;
    for (const Sample& s : samples) {
      const double across = s.across - line.at(s.along);
      if (std::abs(across) > half_width) continue;
      const double gradient = profile.slope_at(across), residual = profile.at(across) - s.value;
      const double by_slope = gradient * s.along, by_bend = gradient * (s.along * s.along - 1. / 3);
      ss += by_slope * by_slope, sb += by_slope * by_bend, bb += by_bend * by_bend;
      rs += residual * by_slope, rb += residual * by_bend;
    }
    const double determinant = ss * bb - sb * sb;
    if (!(determinant > 1e-12 * ss * bb)) break;
    const double slope = std::clamp((rs * bb - rb * sb) / determinant, -2.0, 2.0),
                 bend = std::clamp((rb * ss - rs * sb) / determinant, -2.0, 2.0);
    line.slope += slope, line.bend += bend;
    if (std::abs(slope) < 1e-4 && std::abs(bend) < 1e-4) break;
  }
  return line;
}

struct Plateau {
  double mean = 0, deviation = 0;
};

Plateau plateau(const Profile& profile, double from, double to) {
  double sum = 0, squares = 0;
  int count = 0;
  for (std::size_t i = 0; i < profile.value.size(); ++i) {
    const double place = profile.start + double(i) / per_px;
    if (place < from || place > to) continue;
    sum += profile.value[i], squares += profile.value[i] * profile.value[i], ++count;
  }
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

std::optional<double> half_way(const Profile& profile, double level) {
  std::optional<double> nearest;
  for (int i = 0; i + 1 < int(profile.value.size()); ++i) {
    const double a = profile.value[i], b = profile.value[i + 1];
    if (!(a < level && b >= level)) continue;
    const double place = profile.start + (i + (level - a) / (b - a)) / per_px;
    if (!nearest || std::abs(place) < std::abs(*nearest)) nearest = place;
  }
  return nearest;
}

// Flat over the inner half, a cosine's fall beyond; 0 at `half_width`.
double tukey(double place, double half_width) {
  const double u = std::abs(place) / half_width;
  if (u >= 1) return 0;
  return u <= 0.5 ? 1 : 0.5 * (1 + std::cos(2 * M_PI * (u - 0.5)));
}

void transform(const Profile& profile, double half_width, EdgeResponse& response) {
  constexpr int steps = 64;
  double zero = 1;
  for (int k = 0; k <= steps; ++k) {
    const double frequency = double(k) / steps;
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i + 1 < profile.value.size(); ++i) {
      const double place = profile.start + (double(i) + 0.5) / per_px;
      sum += (profile.value[i + 1] - profile.value[i]) * tukey(place, half_width) *
             std::polar(1.0, -2 * M_PI * frequency * place);
    }
    const double filters = std::pow(sinc(frequency / per_px), 2);
    if (k == 0) zero = std::abs(sum);
    response.frequency.push_back(frequency);
    response.mtf.push_back(std::abs(sum) / zero / filters);
  }
}

std::optional<double> first_below(const EdgeResponse& response, double level) {
  for (std::size_t k = 1; k < response.mtf.size(); ++k) {
    const double a = response.mtf[k - 1], b = response.mtf[k];
    if (b >= level) continue;
    return response.frequency[k - 1] +
           (a - level) / (a - b) * (response.frequency[k] - response.frequency[k - 1]);
  }
  return {};
}

// Beyond the even surfaces, of the profile smoothed by 1 2 1 against noise.
double overshoot_of(const std::vector<double>& profile) {
  double excess = 0;
  for (std::size_t i = 1; i + 1 < profile.size(); ++i) {
    const double smooth = 0.25 * (profile[i - 1] + 2 * profile[i] + profile[i + 1]);
    excess = std::max({excess, smooth - 1, -smooth});
  }
  return excess;
}

}  // namespace

std::optional<EdgeResponse> edge_response(const Image<float>& picture, const Channel& channel,
                                          const Edge& edge) {
  const Reach reach = reach_of(edge);
  if (reach.half_length < 8) return {};
  const double width = reach.half_width;
  const std::vector<Sample> samples = samples_beside(picture, channel, edge, reach);
  if (samples.size() < 200) return {};
  Line line = fitted_line(samples, width);
  Profile profile = profile_of(samples, line, width);
  const double level = (plateau(profile, -width, -plateau_from * width).mean +
                        plateau(profile, plateau_from * width, width).mean) /
                       2;
  const std::optional<double> place = half_way(profile, level);
  if (!place || std::abs(*place) > 3) return {};
  line.offset = *place;
  profile = profile_of(samples, line, width);
  const Plateau dark = plateau(profile, -width, -plateau_from * width),
                light = plateau(profile, plateau_from * width, width);
  const double step = light.mean - dark.mean;
  constexpr double even = 0.1, most_empty = 0.1;
  if (!(step > 0) || std::max(dark.deviation, light.deviation) > even * step ||
      profile.empty > most_empty)
    return {};
  EdgeResponse response;
  response.dark = dark.mean, response.light = light.mean;
  response.place_px = line.offset, response.bend_px = line.bend;
  response.profile_start_px = profile.start;
  for (const double value : profile.value) response.profile.push_back((value - dark.mean) / step);
  transform(profile, width, response);
  response.mtf50 = first_below(response, 0.5), response.mtf10 = first_below(response, 0.1);
  response.overshoot = overshoot_of(response.profile);
  return response;
}

}  // namespace lichtbild
