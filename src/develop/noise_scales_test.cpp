#include "develop/noise_scales.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lichtbild {
namespace {

using Plane = Image<float>;

float at(const Plane& p, int x, int y) {
  return p(std::clamp(x, 0, p.width() - 1), std::clamp(y, 0, p.height() - 1));
}

// Malvar, He and Cutler 2004, written as 5x5 kernels in eighths, of an RGGB mosaic.
struct Malvar {
  const Plane& mosaic;

  double operator()(int x, int y, int c) const {
    const bool odd_x = x & 1, odd_y = y & 1;
    const int own = odd_x && odd_y ? 2 : odd_x || odd_y ? 1 : 0;
    const double m = at(mosaic, x, y);
    if (c == own) return m;
    const double near_x = side(x, y, 1, 0), near_y = side(x, y, 0, 1), far_x = side(x, y, 2, 0),
                 far_y = side(x, y, 0, 2), corners = side(x, y, 1, 1) + side(x, y, 1, -1);
    if (c == 1) return (4 * m + 2 * (near_x + near_y) - far_x - far_y) / 8;
    if (own != 1) return (6 * m + 2 * corners - 1.5 * (far_x + far_y)) / 8;
    // At green: the color lies to the left and right in its own rows.
    const bool across = odd_y == (c == 2);
    return across ? (5 * m + 4 * near_x - far_x + 0.5 * far_y - corners) / 8
                  : (5 * m + 4 * near_y - far_y + 0.5 * far_x - corners) / 8;
  }
  double side(int x, int y, int dx, int dy) const {
    return at(mosaic, x + dx, y + dy) + at(mosaic, x - dx, y - dy);
  }
};

// Half the size, under [1 3 3 1] / 8.
Plane halved(const Plane& p) {
  const double w[] = {1, 3, 3, 1};
  Plane out((p.width() + 1) / 2, (p.height() + 1) / 2);
  for (int y = 0; y < out.height(); ++y)
    for (int x = 0; x < out.width(); ++x) {
      double sum = 0;
      for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i) sum += w[j] * w[i] * at(p, 2 * x - 1 + i, 2 * y - 1 + j);
      out(x, y) = float(sum / 64);
    }
  return out;
}

// Twice the size, [1 3] / 4 of the two nearest cells.
double enlarged(const Plane& p, int x, int y) {
  const int i = x / 2, j = y / 2, ni = i + (x % 2 ? 1 : -1), nj = j + (y % 2 ? 1 : -1);
  return (9 * at(p, i, j) + 3 * at(p, ni, j) + 3 * at(p, i, nj) + at(p, ni, nj)) / 16;
}

// The mean square of the details of a plane at each scale.
std::array<double, denoise_levels> energies(Plane p) {
  std::array<double, denoise_levels> energy{};
  for (double& e : energy) {
    const Plane coarse = halved(p);
    for (int y = 0; y < p.height(); ++y)
      for (int x = 0; x < p.width(); ++x) e += std::pow(p(x, y) - enlarged(coarse, x, y), 2);
    e /= double(p.size());
    p = coarse.clone();
  }
  return energy;
}

TEST(NoiseScales, FactorsAreThoseOfWhiteNoiseThroughTheDemosaic) {
  constexpr int side = 1024, pictures = 3;
  double measured[3][denoise_levels][3] = {};
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1);
  for (int color = 0; color < 3; ++color)
    for (int picture = 0; picture < pictures; ++picture) {
      Plane mosaic(side, side);
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
          const float n = normal(random);
          mosaic(x, y) = int(Cfa{}.at(x, y)) == color ? n : 0;
        }
      const Malvar full{mosaic};
      Plane rgb[3];
      for (int c = 0; c < 3; ++c) {
        Plane one(side, side);
        for (int y = 0; y < side; ++y)
          for (int x = 0; x < side; ++x) one(x, y) = float(full(x, y, c));
        rgb[c] = halved(one);
      }
      Plane planes[3] = {Plane(side / 2, side / 2), Plane(side / 2, side / 2),
                         Plane(side / 2, side / 2)};
      for (std::size_t k = 0; k < planes[0].size(); ++k) {
        const float r = rgb[0].samples()[k], g = rgb[1].samples()[k], b = rgb[2].samples()[k];
        const float luma = (r + 2 * g + b) / 4;
        planes[0].samples()[k] = luma;
        planes[1].samples()[k] = r - luma;
        planes[2].samples()[k] = b - luma;
      }
      for (int plane = 0; plane < 3; ++plane) {
        const auto energy = energies(planes[plane].clone());
        for (int k = 0; k < denoise_levels; ++k) measured[plane][k][color] += energy[k] / pictures;
      }
    }
  for (int plane = 0; plane < 3; ++plane)
    for (int k = 0; k < denoise_levels; ++k) {
      // Variances of n independent values are known to sqrt(2 / n); neighbors share about four
      // values' worth. Four of these deviations, and the table's rounding.
      const double n = pictures * std::pow(side / 2 >> k, 2) / 4, relative = 4 * std::sqrt(2 / n);
      std::printf("plane %d, scale 1/%-2d:", plane, 2 << k);
      for (int color = 0; color < 3; ++color) {
        std::array<double, 3> variance{};
        variance[color] = 1;
        const double expected = scale_noise(variance)[plane][k], m = measured[plane][k][color];
        std::printf("  %.5f (table %.5f)", m, expected);
        EXPECT_NEAR(expected, m, relative * m + 1e-5);
      }
      std::printf("\n");
    }
}

TEST(NoiseScales, AreLinearInTheVariances) {
  const auto a = scale_noise({1, 0, 0}), b = scale_noise({0, 1, 0}), c = scale_noise({0, 0, 1}),
             all = scale_noise({2, 3, 5});
  for (int plane = 0; plane < 3; ++plane)
    for (int k = 0; k < denoise_levels; ++k)
      EXPECT_NEAR(all[plane][k], 2 * a[plane][k] + 3 * b[plane][k] + 5 * c[plane][k],
                  1e-6 * all[plane][k]);
}

}  // namespace
}  // namespace lichtbild
