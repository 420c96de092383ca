// Slanted edges through a blur known in closed form, its own code, and noise.
#include "develop/deconvolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "develop/gaussian_lens.h"

namespace lichtbild {
namespace {

constexpr int width = 480, height = 360;
constexpr double dark = 0.1, bright = 0.4, middle_x = width / 2.0, middle_y = height / 2.0;
const double half_diagonal = std::hypot(width, height) / 2;
const NoiseModel nearly_no_noise{{1e-7, 1e-7, 1e-7}, {1e-9, 1e-9, 1e-9}};
const GaussianBlur field{0.7, 1.4, 0.9};

struct Edge {
  double x, y;  // a point on it, pixels from the middle
  double normal_x, normal_y;
};

// The edge's light gathered by each pixel's square, 8 x 8 points.
Image<float> recorded(const Edge& edge, const GaussianBlur& blur) {
  Image<float> picture(width, height, 3);
  constexpr int parts = 8;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double px = x + 0.5 - middle_x, py = y + 0.5 - middle_y,
                   r = std::hypot(px, py) / half_diagonal;
      const double t = r > 0 ? (px * edge.normal_x + py * edge.normal_y) / (r * half_diagonal) : 0;
      const double deviation =
          std::sqrt(std::pow(blur.along(r), 2) * t * t + std::pow(blur.across(r), 2) * (1 - t * t));
      double sum = 0;
      for (int k = 0; k < parts * parts; ++k) {
        const double u = px + (k % parts + 0.5) / parts - 0.5 - edge.x,
                     v = py + (double(k / parts) + 0.5) / parts - 0.5 - edge.y;
        sum += std::erfc(-(u * edge.normal_x + v * edge.normal_y) / (deviation * M_SQRT2)) / 2;
      }
      for (int c = 0; c < 3; ++c)
        picture(x, y, c) = float(dark + (bright - dark) * sum / (parts * parts));
    }
  return picture;
}

struct EdgeFigures {
  double mtf50 = 0;      // cycles per pixel
  double overshoot = 0;  // of the edge's height, the more of both sides
};

// ISO 12233: the profile across the edge in bins of 1/8 pixel, its derivative, its spectrum.
EdgeFigures measure(const Image<float>& picture, const Edge& edge) {
  constexpr int bins = 8, reach = 16, count = 2 * reach * bins;
  constexpr double half_length = 24;
  std::vector<double> sum(count), samples(count);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double u = x + 0.5 - middle_x - edge.x, v = y + 0.5 - middle_y - edge.y,
                   across = u * edge.normal_x + v * edge.normal_y,
                   along = u * edge.normal_y - v * edge.normal_x;
      if (std::abs(along) > half_length || std::abs(across) >= reach) continue;
      sum[int((across + reach) * bins)] += picture(x, y, 1);
      ++samples[int((across + reach) * bins)];
    }
  EdgeFigures figures;
  std::vector<double> profile(count);
  for (int i = 0; i < count; ++i) profile[i] = sum[i] / samples[i];
  for (int i = 1; i + 1 < count; ++i) {
    const double level = (profile[i - 1] + profile[i] + profile[i + 1]) / 3;
    figures.overshoot = std::max(
        {figures.overshoot, (level - bright) / (bright - dark), (dark - level) / (bright - dark)});
  }
  const auto contrast = [&](double f) {
    double re = 0, im = 0;
    for (int i = 1; i < count; ++i) {
      const double at = double(i) / bins - reach, slope = profile[i] - profile[i - 1];
      re += slope * std::cos(2 * M_PI * f * at), im += slope * std::sin(2 * M_PI * f * at);
    }
    return std::hypot(re, im) / (bright - dark);
  };
  while (figures.mtf50 < 1 && contrast(figures.mtf50) > 0.5) figures.mtf50 += 0.002;
  return figures;
}

double closed_mtf50(double deviation_px, const Edge& edge) {
  const auto sinc = [](double x) { return x == 0 ? 1 : std::sin(M_PI * x) / (M_PI * x); };
  double f = 0;
  while (std::exp(-2 * std::pow(M_PI * deviation_px * f, 2)) * sinc(f * edge.normal_x) *
             sinc(f * edge.normal_y) >
         0.5)
    f += 0.001;
  return f;
}

Image<float> restored(const Image<float>& picture, const GaussianBlur& blur,
                      const NoiseModel& noise) {
  const LensProfile lens = gaussian_lens(blur, width, height);
  Image<float> ratio((width + 7) / 8, (height + 7) / 8);
  ratio.fill(1);
  const Image<Half> in = halves(picture);
  return floats(deconvolved({in, {0, 0, width, height}}, lens, noise, ratio));
}

// Edges 5 degrees off the radius and off its perpendicular.
std::vector<Edge> edges_over_the_field() {
  std::vector<Edge> edges;
  for (const auto& [x, y] :
       {std::pair{3.3, 2.1}, {100.2, 0.4}, {-90.7, 70.3}, {200.4, 0.1}, {180.3, -130.2}})
    for (const double turn : {5.0, 95.0}) {
      const double angle = std::atan2(y, x) + turn * M_PI / 180;
      edges.push_back({x, y, std::cos(angle), std::sin(angle)});
    }
  return edges;
}

TEST(Deconvolution, SharpensEdgesOverTheFieldWithoutOvershoot) {
  for (const Edge& edge : edges_over_the_field()) {
    const Image<float> blurred = recorded(edge, field);
    const EdgeFigures before = measure(blurred, edge),
                      after = measure(restored(blurred, field, nearly_no_noise), edge);
    const double r = std::hypot(edge.x, edge.y) / half_diagonal;
    const double t = (edge.x * edge.normal_x + edge.y * edge.normal_y) / std::hypot(edge.x, edge.y);
    const double deviation = std::hypot(field.along(r) * t, field.across(r) * std::sqrt(1 - t * t));
    std::printf("radius %.2f: MTF50 %.3f -> %.3f, overshoot %.1f %%\n", r, before.mtf50,
                after.mtf50, 100 * after.overshoot);
    EXPECT_NEAR(before.mtf50, closed_mtf50(deviation, edge), 0.01);  // the measuring itself
    EXPECT_GE(after.mtf50, 1.3 * before.mtf50);
    EXPECT_LT(after.overshoot, 0.05);
  }
}

TEST(Deconvolution, WhatTheWrongPlacesFilterDoesIsWorse) {
  // The filter of the corner, long along the radius, applied to a picture blurred the other way.
  const Edge edge = edges_over_the_field()[6];
  const GaussianBlur crossed{field.axis_px, field.tangential_px, field.radial_px};
  const Image<float> blurred = recorded(edge, field);
  EXPECT_GT(measure(restored(blurred, field, nearly_no_noise), edge).mtf50,
            1.1 * measure(restored(blurred, crossed, nearly_no_noise), edge).mtf50);
}

Image<float> flat_with_noise(double deviation, unsigned seed) {
  Image<float> picture(width, height, 3);
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, deviation);
  for (float& v : picture.samples()) v = float(0.18 + normal(random));
  return picture;
}

double deviation_of(const Image<float>& picture) {
  double sum = 0, squares = 0;
  for (const float v : picture.samples()) sum += v, squares += double(v) * v;
  const auto n = double(picture.size());
  return std::sqrt(squares / n - sum / n * (sum / n));
}

TEST(Deconvolution, NoiseOfFlatAreasHardlyGrows) {
  for (const double deviation : {0.003, 0.01, 0.04}) {
    const double variance = deviation * deviation, scale = variance / 0.36;
    const NoiseModel noise{{scale, scale, scale}, {variance / 2, variance / 2, variance / 2}};
    const Image<float> before = flat_with_noise(deviation, 3);
    const double grown = deviation_of(restored(before, field, noise)) / deviation_of(before);
    std::printf("noise %.3f grows by %.3f\n", deviation, grown);
    EXPECT_LT(grown, 1.1);
    // Taken for detail, the same noise would be raised.
    EXPECT_GT(deviation_of(restored(before, field, nearly_no_noise)), 1.1 * deviation_of(before));
  }
}

TEST(Deconvolution, NoisyEdgesStillGain) {
  // 5 % of noise on middle gray, as at a high ISO after noise reduction.
  constexpr double deviation = 0.01, variance = deviation * deviation;
  const NoiseModel noise{{0, 0, 0}, {variance, variance, variance}};
  const Edge edge = edges_over_the_field()[8];
  Image<float> picture = recorded(edge, field);
  const double before = measure(picture, edge).mtf50;
  const Image<float> grain = flat_with_noise(deviation, 5);
  for (std::size_t i = 0; i < picture.size(); ++i)
    picture.samples()[i] += grain.samples()[i] - 0.18f;
  EXPECT_GT(measure(restored(picture, field, noise), edge).mtf50, 1.15 * before);
}

TEST(Deconvolution, FlatLightStaysAndBordersAreWhole) {
  for (const auto& [w, h] : {std::pair{1, 1}, {7, 3}, {61, 60}, {130, 121}}) {
    Image<Half> in(w + 4, h + 2, 3);
    in.fill(half_from(7.f));
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < h; ++y) std::fill_n(in.row(y + 1, c) + 3, w, half_from(0.25f));
    Image<float> ratio((w + 7) / 8, (h + 7) / 8);
    ratio.fill(1);
    const LensProfile lens = gaussian_lens(field, w, h);
    const Image<float> out = floats(deconvolved({in, {3, 1, w, h}}, lens, nearly_no_noise, ratio));
    ASSERT_EQ(out.width(), w);
    ASSERT_EQ(out.height(), h);
    for (const float v : out.samples()) ASSERT_EQ(v, 0.25f) << w << " x " << h;
  }
}

}  // namespace
}  // namespace lichtbild
