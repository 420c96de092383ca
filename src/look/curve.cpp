#include "look/curve.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "look/oklab.h"

namespace lichtbild {
namespace {

constexpr double encoding = 2.2;
constexpr double scene_gray = 0.18;

// Rises from 0 with `slope` and reaches `height` at `length`, bending by `power`.
double sigmoid_branch(double x, double slope, double length, double height, double power) {
  // t = slope x / s, with s such that s t / (1 + t^p)^(1/p) is `height` at `length`.
  const double straight = slope * length;
  if (straight <= height * 1.0001) return height * x / length;  // no room to bend: a straight line
  const double s = std::pow(std::pow(height, -power) - std::pow(straight, -power), -1 / power);
  const double t = slope * x / s;
  return s * t / std::pow(1 + std::pow(t, power), 1 / power);
}

}  // namespace

double tone(const Look& look, double scene_luminance) {
  const double middle = std::pow(look.gray, 1 / encoding),
               slope = look.contrast * std::log(2.0) / encoding * middle;
  const double stops = std::log2(std::max(scene_luminance, 1e-9) / scene_gray);
  double v = 0;
  if (stops >= 0)
    v = middle + sigmoid_branch(std::min(stops, look.white_stops), slope, look.white_stops,
                                1 - middle, look.shoulder);
  else
    v = middle - sigmoid_branch(std::min(-stops, look.black_stops), slope, look.black_stops, middle,
                                look.toe);
  return std::pow(std::clamp(v, 0.0, 1.0), encoding);
}

Image<float> tone_table(const Look& look) {
  Image<float> table((curve_highest_stops - curve_lowest_stops) * curve_steps + 2, 1);
  for (int k = 0; k < table.width(); ++k)
    table(k, 0) = float(tone(look, std::exp2(curve_lowest_stops + double(k) / curve_steps)));
  return table;
}

Image<float> tone_table_by_bits(const Look& look) {
  constexpr int steps = 1 << curve_bits;
  Image<float> table((curve_highest_stops - curve_lowest_stops) * steps, 1);
  for (int k = 0; k < table.width(); ++k) {
    const double middle = 1 + (k % steps + 0.5) / steps;
    table(k, 0) = float(tone(look, std::ldexp(middle, curve_lowest_stops + k / steps)));
  }
  return table;
}

double diamond_angle(double a, double b) {
  const double sum = std::abs(a) + std::abs(b);
  if (sum == 0) return 0;
  const double t = b / sum;
  return a >= 0 ? (t >= 0 ? t : t + 4) : 2 - t;
}

namespace {

// The hue, in degrees, of a column of the tables.
double hue_of_column(int column) {
  const double d = 4.0 * (column % hue_steps) / hue_steps;
  const double b = d <= 1 ? d : d <= 3 ? 2 - d : d - 4;
  const double a = (d <= 1 || d >= 3) ? 1 - std::abs(b) : std::abs(b) - 1;
  return std::atan2(b, a) * 180 / M_PI;
}

}  // namespace

Image<float> hue_table(const Look& look) {
  Image<float> table(hue_steps + 1, 3);
  for (int k = 0; k <= hue_steps; ++k) {
    const double hue = hue_of_column(k);
    double chroma = 0, shift = 0, lightness = 0;
    for (const HueRule& rule : look.hues) {
      const double distance = std::remainder(hue - rule.center_deg, 360.0);
      const double weight = std::exp2(-distance * distance / (rule.width_deg * rule.width_deg));
      chroma += weight * std::log(std::max(rule.chroma, 1e-3));
      shift += weight * rule.shift_deg;
      lightness += weight * rule.lightness;
    }
    table(k, 0) = float(std::exp(chroma) * look.chroma);
    table(k, 1) = float(std::clamp(shift, -60.0, 60.0) * M_PI / 180);
    table(k, 2) = float(lightness / 0.1);
  }
  return table;
}

PackedHues packed_hues(const Image<float>& hue_table) {
  float largest[3] = {};
  for (int row = 0; row < 3; ++row)
    for (int k = 0; k < hue_table.width(); ++k)
      largest[row] = std::max({largest[row], std::abs(hue_table(k, row)), 1e-9f});
  constexpr int turn_zero = 1 << (hue_turn_bits - 1),
                lightness_zero = 1 << (hue_lightness_bits - 1);
  PackedHues packed{Image<std::uint32_t>(hue_table.width(), 1),
                    largest[0] / ((1 << hue_chroma_bits) - 1), largest[1] / (turn_zero - 1),
                    largest[2] / (lightness_zero - 1)};
  for (int k = 0; k < hue_table.width(); ++k) {
    const auto chroma = std::uint32_t(std::lround(hue_table(k, 0) / packed.chroma_step)),
               turn = std::uint32_t(turn_zero + std::lround(hue_table(k, 1) / packed.turn_step)),
               lightness = std::uint32_t(lightness_zero +
                                         std::lround(hue_table(k, 2) / packed.lightness_step));
    packed.table(k, 0) =
        chroma | turn << hue_chroma_bits | lightness << (hue_chroma_bits + hue_turn_bits);
  }
  return packed;
}

Image<float> gamut_table(ColorSpace space) {
  const Matrix3 rgb_from_lms = lms_from_rgb(xyz_from_linear(space)).inverse();
  const Matrix3 roots_from_oklab = oklab_from_roots().inverse();
  Image<float> table(hue_steps + 1, lightness_steps + 1);
  parallel_rows(lightness_steps + 1, [&](int first, int last) {
    for (int row = first; row < last; ++row)
      for (int k = 0; k <= hue_steps; ++k) {
        const double lightness = double(row) / lightness_steps, hue = hue_of_column(k) * M_PI / 180;
        const double a = std::cos(hue), b = std::sin(hue);
        double inside = 0, outside = most_chroma;
        for (int step = 0; step < 18; ++step) {  // to 2e-6 of chroma
          const double chroma = (inside + outside) / 2;
          const Vector3 rgb =
              rgb_from_lms *
              lms_from_roots(roots_from_oklab * Vector3{lightness, chroma * a, chroma * b});
          const bool fits = std::min({rgb[0], rgb[1], rgb[2]}) >= -1e-6 &&
                            std::max({rgb[0], rgb[1], rgb[2]}) <= 1 + 1e-6;
          (fits ? inside : outside) = chroma;
        }
        table(k, row) = float(inside);
      }
  });
  return table;
}

Image<std::uint32_t> packed_gamut(const Image<float>& gamut_table) {
  Image<std::uint32_t> packed(gamut_table.width(), gamut_table.height());
  const auto code = [&](int k, int row) {
    return std::uint32_t(std::lround(gamut_table(k, row) / most_chroma * 65535));
  };
  for (int row = 0; row < packed.height(); ++row)
    for (int k = 0; k < packed.width(); ++k)
      packed(k, row) = code(k, row) | code(std::min(k + 1, hue_steps), row) << 16;
  return packed;
}

}  // namespace lichtbild
