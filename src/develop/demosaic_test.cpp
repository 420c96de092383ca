#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "develop/demosaic_picture.h"
#include "develop/demosaic_weights.h"

namespace lichtbild {
namespace {

namespace weights = demosaic_weights;

constexpr auto red = CfaColor::red, green = CfaColor::green, blue = CfaColor::blue;
const Cfa orders[] = {{{red, green, green, blue}},
                      {{green, red, blue, green}},
                      {{green, blue, red, green}},
                      {{blue, green, green, red}}};

// The plain twin: the network evaluated for one quad at a time, everything anew.
class Twin {
 public:
  Twin(const Image<float>& mosaic, const Cfa& cfa, const DemosaicParams& params)
      : mosaic_(mosaic), left_(cfa.red_x()), top_(cfa.red_y()), params_(params) {}

  double value(int x, int y, int color) const {
    const int fx = x + left_, fy = y + top_, place = (fy % 2) * 2 + fx % 2;
    return picture(fx / 2, fy / 2, place * 3 + color) - picture_of_zeros(place * 3 + color);
  }

 private:
  static int mirrored(int at, int size) {
    if (size == 1) return 0;
    const int period = 2 * (size - 1), m = ((at % period) + period) % period;
    return m < size ? m : period - m;
  }
  double quad(int x, int y, int k) const {
    if (zeros_) return 0;
    const int mx = mirrored(2 * x + k % 2 - left_, mosaic_.width()),
              my = mirrored(2 * y + k / 2 - top_, mosaic_.height());
    return std::sqrt(std::max(mosaic_(mx, my) + params_.lift, 0.0f));
  }
  double bias(const float* noise, int k) const {
    double sum = 0;
    for (int c = 0; c < 3; ++c) sum += noise[c * 16 + k] * params_.deviation[c];
    return sum;
  }
  static double prelu(double v, double slope) { return v > 0 ? v : slope * v; }
  template <class In>
  static double convolved(const float* kernel, int in_count, int out_count, int k, In in) {
    double sum = 0;
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 3; ++i)
        for (int m = 0; m < in_count; ++m)
          sum += kernel[((j * 3 + i) * in_count + m) * out_count + k] * in(i - 1, j - 1, m);
    return sum;
  }
  using Layer = std::vector<double>;
  // One layer over a square of quads of the given radius around (x, y).
  Layer layer(int x, int y, int radius, int index) const {
    const int side = 2 * radius + 1;
    Layer out(std::size_t(side) * side * 16);
    const Layer in = index > 0 ? layer(x, y, radius + 1, index - 1) : Layer{};
    const float* kernels[] = {weights::stem, weights::dense1, weights::dense2};
    const float* slopes[] = {weights::slope0, weights::slope1, weights::slope2};
    const float* noises[] = {weights::noise0, weights::noise1, weights::noise2};
    for (int j = -radius; j <= radius; ++j)
      for (int i = -radius; i <= radius; ++i)
        for (int k = 0; k < 16; ++k) {
          const auto below = [&](int dx, int dy, int m) {
            return index == 0 ? quad(x + i + dx, y + j + dy, m)
                              : in[(std::size_t(j + dy + radius + 1) * (side + 2) +
                                    (i + dx + radius + 1)) *
                                       16 +
                                   m];
          };
          out[(std::size_t(j + radius) * side + i + radius) * 16 + k] = prelu(
              convolved(kernels[index], index == 0 ? 4 : 16, 16, k, below) + bias(noises[index], k),
              slopes[index][k]);
        }
    return out;
  }
  double picture(int x, int y, int output) const {
    double sum = convolved(weights::skip, 4, 12, output,
                           [&](int dx, int dy, int m) { return quad(x + dx, y + dy, m); });
    const Layer top = layer(x, y, 0, 2);
    for (int k = 0; k < 16; ++k) sum += weights::head[k * 12 + output] * top[k];
    return sum;
  }
  double picture_of_zeros(int output) const {
    Twin zeros = *this;
    zeros.zeros_ = true;
    return zeros.picture(0, 0, output);
  }

  const Image<float>& mosaic_;
  int left_, top_;
  DemosaicParams params_;
  bool zeros_ = false;
};

Image<float> random_mosaic(int width, int height, unsigned seed) {
  Image<float> mosaic(width, height);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-0.01f, 1.2f);
  for (float& s : mosaic.samples()) s = uniform(random);
  return mosaic;
}

TEST(Demosaic, KernelEqualsItsTwin) {
  // Half a code of 1/16384 from rounding, and single precision over sums of 144 products of
  // magnitude 1.
  constexpr double tolerance = 0.5 / 16384 + 2e-5;
  struct Size {
    int width, height;
  };
  for (const Cfa& cfa : orders)
    for (const Size size : {Size{1, 1}, Size{2, 2}, Size{7, 5}, Size{38, 22}, Size{31, 17}})
      for (const double deviation : {0.0, 0.03}) {
        const Image<float> mosaic = random_mosaic(size.width, size.height, 5);
        const DemosaicParams params{0.02f, {deviation, deviation / 2, 2 * deviation}};
        const Image<float> ours = demosaic_picture(mosaic, cfa, params);
        const Twin twin(mosaic, cfa, params);
        for (int y = 0; y < size.height; y += 3)
          for (int x = 0; x < size.width; x += 3)
            for (int c = 0; c < 3; ++c)
              ASSERT_NEAR(ours(x, y, c), std::clamp(twin.value(x, y, c), 0.0, 65535.0 / 16384),
                          tolerance)
                  << size.width << "x" << size.height << " at " << x << " " << y << " " << c;
      }
}

TEST(Demosaic, TilesJoin) {
  // Larger than a tile in both directions: values around the seams against the twin.
  const Image<float> mosaic = random_mosaic(300, 120, 6);
  const Image<float> ours = demosaic_picture(mosaic, orders[1], {});
  const Twin twin(mosaic, orders[1], {});
  for (const int x : {248, 251, 252, 253, 256, 299})
    for (const int y : {42, 43, 44, 45, 119})
      for (int c = 0; c < 3; ++c)
        ASSERT_NEAR(ours(x, y, c), std::clamp(twin.value(x, y, c), 0.0, 3.9), 0.5 / 16384 + 2e-5);
}

TEST(Demosaic, ConstantColorsAreExact) {
  for (const Cfa& cfa : orders)
    for (const double deviation : {0.0, 0.02}) {
      Image<float> mosaic(40, 30);
      const float color[] = {0.81f, 0.25f, 1.44f};
      for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x) mosaic(x, y) = color[int(cfa.at(x, y))];
      const Image<float> picture =
          demosaic_picture(mosaic, cfa, {0, {deviation, deviation, deviation}});
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 30; ++y)
          for (int x = 0; x < 40; ++x)
            ASSERT_NEAR(picture(x, y, c), std::sqrt(color[c]), 1.0 / 16384) << x << " " << y;
    }
}

TEST(Demosaic, TakesNoiseThatItIsToldOf) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 0.02f);
  Image<float> mosaic(128, 128);
  for (float& s : mosaic.samples()) s = std::pow(0.5f + normal(random), 2.0f);
  const auto variance = [&](double deviation) {
    const Image<float> picture =
        demosaic_picture(mosaic, orders[0], {0, {deviation, deviation, deviation}});
    double sum = 0;
    for (float v : picture.samples()) sum += (v - 0.5) * (v - 0.5);
    return sum / double(picture.size());
  };
  EXPECT_LT(variance(0.02), 0.35 * variance(0));
}

}  // namespace
}  // namespace lichtbild
