#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/matrix.h"
#include "develop/denoise_picture.h"
#include "develop/noise_scales.h"

namespace lichtbild::denoise_test {
namespace {

constexpr int levels = denoise_levels;
constexpr double code = 16384, lift = 0.002;
const Matrix3 some_matrix{{0.7, 0.25, 0.05, 0.1, 0.95, -0.05, 0.02, -0.2, 1.18}};

// Double planes with the edge repeated outside.
struct Plane {
  int width, height;
  std::vector<double> samples;

  Plane(int w, int h) : width(w), height(h), samples(std::size_t(w) * h) {}
  double& operator()(int x, int y) { return samples[std::size_t(y) * width + x]; }
  double at(int x, int y) const {
    return samples[std::size_t(std::clamp(y, 0, height - 1)) * width + std::clamp(x, 0, width - 1)];
  }
};

Plane halved(const Plane& p) {
  const double w[] = {1, 3, 3, 1};
  Plane out((p.width + 1) / 2, (p.height + 1) / 2);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i)
          out(x, y) += w[j] * w[i] / 64 * p.at(2 * x - 1 + i, 2 * y - 1 + j);
    }
  return out;
}

double enlarged(const Plane& p, int x, int y) {
  const int i = x / 2, j = y / 2, ni = i + (x % 2 ? 1 : -1), nj = j + (y % 2 ? 1 : -1);
  return (9 * p.at(i, j) + 3 * p.at(ni, j) + 3 * p.at(i, nj) + p.at(ni, nj)) / 16;
}

std::array<Plane, 3> halved_planes(const std::array<Plane, 3>& rgb) {
  std::array<Plane, 3> planes{halved(rgb[0]), halved(rgb[1]), halved(rgb[2])};
  for (std::size_t k = 0; k < planes[0].samples.size(); ++k) {
    const double r = planes[0].samples[k], g = planes[1].samples[k], b = planes[2].samples[k];
    const double luma = (r + 2 * g + b) / 4;
    planes[0].samples[k] = luma;
    planes[1].samples[k] = r - luma;
    planes[2].samples[k] = b - luma;
  }
  return planes;
}

struct Inputs {
  Image<std::uint16_t> rgb;
  Image<float> ratio, noise;
};

// One plane at one scale without its noise; `scale` 0 is half the size.
Plane clean(const Plane& p, int scale, int plane, const Inputs& in) {
  if (scale == levels) return p;
  const Plane coarse = halved(p), clean_coarse = clean(coarse, scale + 1, plane, in);
  Plane detail(p.width, p.height), out(p.width, p.height);
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) detail(x, y) = p.at(x, y) - enlarged(coarse, x, y);
  const double window[] = {0.1, 0.25, 0.3, 0.25, 0.1};
  for (int y = 0; y < p.height; ++y)
    for (int x = 0; x < p.width; ++x) {
      double energy = 0;
      for (int j = -2; j <= 2; ++j)
        for (int i = -2; i <= 2; ++i)
          energy += window[j + 2] * window[i + 2] * std::pow(detail.at(x + i, y + j), 2);
      const int mx = int(x * std::exp2(scale - 2)), my = int(y * std::exp2(scale - 2));
      const double n = in.noise(scale, plane) * in.ratio(std::min(mx, in.ratio.width() - 1),
                                                         std::min(my, in.ratio.height() - 1));
      const double signal = std::max(energy - 1.5 * n, 0.0);
      out(x, y) = enlarged(clean_coarse, x, y) + detail(x, y) * signal / (signal + n + 1e-12);
    }
  return out;
}

std::array<Plane, 3> values(const Image<std::uint16_t>& rgb) {
  std::array<Plane, 3> planes{Plane(rgb.width(), rgb.height()), Plane(rgb.width(), rgb.height()),
                              Plane(rgb.width(), rgb.height())};
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < rgb.height(); ++y)
      for (int x = 0; x < rgb.width(); ++x) planes[c](x, y) = rgb(x, y, c) / code;
  return planes;
}

// The plain twin: denoised and decoded, before the matrix.
std::array<Plane, 3> twin(const Inputs& in) {
  std::array<Plane, 3> full = values(in.rgb), planes = halved_planes(full);
  for (int plane = 0; plane < 3; ++plane) {
    const Plane cleaned = clean(planes[plane], 0, plane, in);
    for (std::size_t k = 0; k < cleaned.samples.size(); ++k)
      planes[plane].samples[k] = cleaned.samples[k] - planes[plane].samples[k];
  }
  for (int y = 0; y < full[0].height; ++y)
    for (int x = 0; x < full[0].width; ++x) {
      const double luma = enlarged(planes[0], x, y), red = enlarged(planes[1], x, y),
                   blue = enlarged(planes[2], x, y);
      const double change[] = {luma + red, luma - (red + blue) / 2, luma + blue};
      for (int c = 0; c < 3; ++c)
        full[c](x, y) = std::pow(std::max(full[c](x, y) + change[c], 0.0), 2) - lift;
    }
  return full;
}

// The picture without the first `left` columns and `top` rows, made in the memory of its input.
Image<float> denoised(const Inputs& in, const Matrix3& matrix, int left = 0, int top = 0) {
  const int width = in.rgb.width() - left, height = in.rgb.height() - top;
  const Image<float> whole = floats(lichtbild::denoised(in.rgb.clone(), {left, top, width, height},
                                                        in.ratio, in.noise, matrix, float(lift)));
  Image<float> out(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      std::copy_n(whole.row(y + top, c) + left, width, out.row(y, c));
  return out;
}

Inputs some_inputs(int width, int height, double strength) {
  Inputs in{Image<std::uint16_t>(width, height, 3), Image<float>((width + 7) / 8, (height + 7) / 8),
            Image<float>(levels, 3)};
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0, 0.02);
  std::uniform_real_distribution<float> uniform(0.5f, 2);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        in.rgb(x, y, c) = std::uint16_t(code * (0.5 + 0.3 * std::sin(0.1 * x + 0.07 * y + c) +
                                                (x > 40 ? 0.15 : 0) + normal(random)));
  for (float& v : in.ratio.samples()) v = uniform(random);
  for (int plane = 0; plane < 3; ++plane)
    for (int k = 0; k < levels; ++k)
      in.noise(k, plane) = float(strength * 1e-4 * std::pow(0.25, k) * (plane + 1));
  return in;
}

constexpr double half_rounding = 0x1p-11;  // relative

struct Size {
  int width, height;
};
constexpr Size sizes[] = {{1, 1}, {2, 3}, {63, 37}, {130, 70}, {300, 41}};

TEST(Denoise, EqualsItsTwin) {
  for (const Size s : sizes) {
    const Inputs in = some_inputs(s.width, s.height, 1);
    const auto expected = twin(in);
    const int left = s.width > 1 ? 1 : 0, top = s.height > 1 ? 1 : 0;
    const Image<float> out = denoised(in, some_matrix, left, top);
    // Values up to 1 in float, ten operations a scale, six scales: 60 x 2^-24, doubled by the
    // square and by the matrix.
    constexpr double rounding = 1.5e-5;
    for (int y = 0; y < out.height(); ++y)
      for (int x = 0; x < out.width(); ++x) {
        const Vector3 rgb = some_matrix * Vector3{expected[0].at(x + left, y + top),
                                                  expected[1].at(x + left, y + top),
                                                  expected[2].at(x + left, y + top)};
        for (int c = 0; c < 3; ++c)
          ASSERT_NEAR(out(x, y, c), rgb[c], rounding + half_rounding * std::abs(rgb[c]))
              << s.width << "x" << s.height << " at " << x << " " << y << " " << c;
      }
  }
}

TEST(Denoise, WithoutStrengthThePictureIsOnlyDecoded) {
  for (const Size s : sizes) {
    const Inputs in = some_inputs(s.width, s.height, 0);
    const Image<float> out = denoised(in, Matrix3::identity());
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < s.height; ++y)
        for (int x = 0; x < s.width; ++x) {
          const double expected = std::pow(in.rgb(x, y, c) / code, 2) - lift;
          ASSERT_NEAR(out(x, y, c), expected, 5e-6 + half_rounding * std::abs(expected));
        }
  }
}

// Mean square of the details of each plane at each scale.
using Energies = std::array<std::array<double, levels>, 3>;
Energies energies(const std::array<Plane, 3>& rgb) {
  Energies energy{};
  const auto planes = halved_planes(rgb);
  for (int plane = 0; plane < 3; ++plane) {
    Plane p = planes[plane];
    for (double& e : energy[plane]) {
      const Plane coarse = halved(p);
      for (int y = 0; y < p.height; ++y)
        for (int x = 0; x < p.width; ++x) e += std::pow(p.at(x, y) - enlarged(coarse, x, y), 2);
      e /= double(p.samples.size());
      p = coarse;
    }
  }
  return energy;
}

std::array<Plane, 3> encoded(const Image<float>& linear) {
  std::array<Plane, 3> planes{Plane(linear.width(), linear.height()),
                              Plane(linear.width(), linear.height()),
                              Plane(linear.width(), linear.height())};
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < linear.height(); ++y)
      for (int x = 0; x < linear.width(); ++x)
        planes[c](x, y) = std::sqrt(std::max(linear(x, y, c) + lift, 0.0));
  return planes;
}

// White noise on a flat field, or on a step at the middle.
Inputs noisy(int width, int height, double deviation, double left, double right) {
  Inputs in{Image<std::uint16_t>(width, height, 3), Image<float>(1, 1), Image<float>(levels, 3)};
  in.ratio.fill(1);
  std::mt19937 random(8);
  std::normal_distribution<double> normal(0, deviation);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        in.rgb(x, y, c) =
            std::uint16_t(std::lround(code * ((x < width / 2 ? left : right) + normal(random))));
  // The noise's own variances, measured on a flat field.
  if (left == right) {
    const Energies energy = energies(values(in.rgb));
    for (int plane = 0; plane < 3; ++plane)
      for (int k = 0; k < levels; ++k) in.noise(k, plane) = float(energy[plane][k]);
  }
  return in;
}

TEST(Denoise, AFlatFieldLosesItsNoiseAtEveryScale) {
  const Inputs in = noisy(1024, 1024, 0.02, 0.5, 0.5);
  const Energies before = energies(values(in.rgb)),
                 after = energies(encoded(denoised(in, Matrix3::identity())));
  // At half the size the change is enlarged by a filter that passes less than two thirds of the
  // finest detail, and nothing touches the full size. Below, the energy under the window scatters
  // by its 13 independent samples: one in eight lies beyond the margin of 1.5, and keeps little.
  constexpr double least[levels] = {2, 8, 8, 8, 8};
  for (int plane = 0; plane < 3; ++plane)
    for (int k = 0; k < levels; ++k) {
      std::printf("plane %d, scale 1/%-2d: variance falls %.1f times\n", plane, 2 << k,
                  before[plane][k] / after[plane][k]);
      EXPECT_GT(before[plane][k], least[k] * after[plane][k]) << plane << " " << k;
    }
}

TEST(Denoise, AStrongEdgeKeepsItsContrast) {
  const int width = 256, height = 256;
  Inputs in = noisy(width, height, 0.01, 0.3, 0.6);
  in.noise = noisy(width, height, 0.01, 0.5, 0.5).noise.clone();
  const auto out = encoded(denoised(in, Matrix3::identity()));
  // Means of columns next to the edge are known to 0.01 / sqrt(256); four times that, twice.
  const double error = 8 * 0.01 / std::sqrt(height) + 0.02 * 0.3;
  for (int c = 0; c < 3; ++c)
    for (const int distance : {1, 2, 4, 8}) {
      double step = 0;
      for (int y = 0; y < height; ++y)
        step +=
            (out[c].at(width / 2 - 1 + distance, y) - out[c].at(width / 2 - distance, y)) / height;
      EXPECT_NEAR(step, 0.3, error) << distance;
    }
}

}  // namespace
}  // namespace lichtbild::denoise_test
