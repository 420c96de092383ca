#include "metering.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lichtbild {
namespace {

// Seconds times ISO over base ISO that the picture wants.
double wanted(const Image<float>& light, double white_level_s) {
  constexpr int pitch = 7;  // odd: every color of the filter has its share
  std::vector<float> values;
  double sum = 0;
  for (int y = 0; y < light.height(); y += pitch)
    for (int x = 0; x < light.width(); x += pitch) {
      values.push_back(light(x, y));
      sum += light(x, y);
    }
  constexpr double mean_level = 0.12, clipped_share = 0.005, kept_below = 0.9;
  const double most_protection = std::exp2(-2.5);
  const auto bright = values.end() - 1 - std::ptrdiff_t(clipped_share * double(values.size()));
  std::nth_element(values.begin(), bright, values.end());
  const double mean = sum / double(values.size());
  if (!(mean > 0)) return INFINITY;
  const double by_mean = mean_level / mean, by_highlights = kept_below / double(*bright);
  return white_level_s * std::clamp(by_highlights, most_protection * by_mean, by_mean);
}

// Time and ISO for a product of seconds and gain over base ISO, both free.
ShutterAndIso program(double product, const ExposureLimits& limits) {
  const double time =
      std::clamp(product, limits.shortest_s, std::min(limits.handheld_s, limits.longest_s));
  // A hand holds longer before the noise gets worse than four times base ISO.
  constexpr double gain_before_longer = 4;
  const double gain = std::clamp(product / time, 1.0, gain_before_longer);
  const double longer = std::clamp(product / gain, time, limits.longest_s);
  return {longer, limits.base_iso *
                      std::clamp(product / longer, 1.0, limits.largest_iso / limits.base_iso)};
}

}  // namespace

ShutterAndIso metered(const Image<float>& light, double white_level_s, const ExposureLimits& limits,
                      double exposure_s, double iso) {
  if (exposure_s > 0 && iso > 0) return {exposure_s, iso};
  const double product = wanted(light, white_level_s);
  if (exposure_s > 0)
    return {exposure_s, std::clamp(product * limits.base_iso / exposure_s, limits.base_iso,
                                   limits.largest_iso)};
  if (iso > 0)
    return {std::clamp(product * limits.base_iso / iso, limits.shortest_s, limits.longest_s), iso};
  return program(product, limits);
}

}  // namespace lichtbild
