#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "develop/demosaic_network.h"
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

// The network evaluated for one quad at a time, everything anew. Arithmetic says with which weights
// and numbers: `Number` of samples and activations, quad(sample), kernels, biases, activation().
template <class Arithmetic>
class Network {
 public:
  using Number = typename Arithmetic::Number;

  Network(const Image<float>& mosaic, const Cfa& cfa, const DemosaicParams& params)
      : mosaic_(mosaic),
        left_(cfa.red_x()),
        top_(cfa.red_y()),
        lift_(params.lift),
        arithmetic_(params) {}

  double value(int x, int y, int color) const {
    const int fx = x + left_, fy = y + top_, place = (fy % 2) * 2 + fx % 2, out = place * 3 + color;
    const Layer flat = layer(0, 0, 0, 2, true);
    return arithmetic_.picture(picture_of_samples(fx / 2, fy / 2, out),
                               picture_of_layer(layer(fx / 2, fy / 2, 0, 2, false), out),
                               picture_of_layer(flat, out));
  }

 private:
  using Layer = std::vector<Number>;

  static int mirrored(int at, int size) {
    if (size == 1) return 0;
    const int period = 2 * (size - 1), m = ((at % period) + period) % period;
    return m < size ? m : period - m;
  }
  Number quad(int x, int y, int k) const {
    const int mx = mirrored(2 * x + k % 2 - left_, mosaic_.width()),
              my = mirrored(2 * y + k / 2 - top_, mosaic_.height());
    return Arithmetic::encoded(std::sqrt(std::max(mosaic_(mx, my) + lift_, 0.0f)));
  }
  // One layer over a square of quads of the given radius around (x, y); of zeros if `flat`.
  Layer layer(int x, int y, int radius, int index, bool flat) const {
    const int side = 2 * radius + 1, ins = index == 0 ? 4 : 16;
    Layer out(std::size_t(side) * side * 16);
    const Layer in = index > 0 ? layer(x, y, radius + 1, index - 1, flat) : Layer{};
    const auto below = [&](int dx, int dy, int m) {
      if (index == 0) return flat ? Number(0) : quad(x + dx, y + dy, m);
      return in[(std::size_t(dy + radius + 1) * (side + 2) + (dx + radius + 1)) * 16 + m];
    };
    for (int j = -radius; j <= radius; ++j)
      for (int i = -radius; i <= radius; ++i)
        for (int k = 0; k < 16; ++k) {
          Number sum = arithmetic_.bias(index, k);
          for (int tap = 0; tap < 9; ++tap)
            for (int m = 0; m < ins; ++m)
              sum +=
                  arithmetic_.kernel(index, tap, m, k) * below(i + tap % 3 - 1, j + tap / 3 - 1, m);
          out[(std::size_t(j + radius) * side + i + radius) * 16 + k] =
              arithmetic_.activation(sum, index, k);
        }
    return out;
  }
  Number picture_of_samples(int x, int y, int out) const {
    Number sum = 0;
    for (int tap = 0; tap < 9; ++tap)
      for (int m = 0; m < 4; ++m)
        sum += arithmetic_.kernel(3, tap, m, out) * quad(x + tap % 3 - 1, y + tap / 3 - 1, m);
    return sum;
  }
  Number picture_of_layer(const Layer& top, int out) const {
    Number sum = 0;
    for (int k = 0; k < 16; ++k) sum += arithmetic_.kernel(4, 0, k, out) * top[k];
    return sum;
  }

  const Image<float>& mosaic_;
  int left_, top_;
  float lift_;
  Arithmetic arithmetic_;
};

// As it was learned.
class Real {
 public:
  using Number = double;
  explicit Real(const DemosaicParams& params) : deviation_(params.deviation) {}
  static double encoded(float v) { return v; }
  double kernel(int index, int tap, int in, int out) const {
    const float* kernels[] = {weights::stem, weights::dense1, weights::dense2, weights::skip,
                              weights::head};
    const int ins[] = {4, 16, 16, 4, 16}, outs[] = {16, 16, 16, 12, 12};
    return kernels[index][(tap * ins[index] + in) * outs[index] + out];
  }
  double bias(int index, int k) const {
    const float* noises[] = {weights::noise0, weights::noise1, weights::noise2};
    double sum = 0;
    for (int c = 0; c < 3; ++c) sum += noises[index][c * 16 + k] * deviation_[c];
    return sum;
  }
  double activation(double v, int index, int k) const {
    const float* slopes[] = {weights::slope0, weights::slope1, weights::slope2};
    return v > 0 ? v : slopes[index][k] * v;
  }
  static double picture(double samples, double top, double flat) {
    return std::clamp(samples + top - flat, 0.0, 65535.0 / 16384);
  }

 private:
  std::array<double, 3> deviation_;
};

// In the integers of demosaic_codes.h, which long holds without a care.
class Integers {
 public:
  using Number = long;
  explicit Integers(const DemosaicParams& params) : weights_(params.deviation) {}
  static long encoded(float v) { return std::lround(std::floor(v * 16384 - 32768 + 0.5f)); }
  long kernel(int index, int tap, int in, int out) const {
    if (index == 4) return weights_.head(in % 2, out, in / 2);
    const Halide::Runtime::Buffer<std::int16_t>* kernels[] = {&weights_.stem, &weights_.dense1,
                                                              &weights_.dense2, &weights_.skip};
    return (*kernels[index])(in % 2, out, in / 2, tap % 3, tap / 3);
  }
  long bias(int index, int k) const { return long(weights_.biases(k, index)); }
  long activation(long sum, int index, int k) const {
    EXPECT_LT(std::abs(sum), 1L << 31);
    const float scaled = float(sum) * weights_.gains(sum > 0 ? 0 : 1, k, index);
    return std::lrint(std::clamp(scaled, -32768.0f, 32767.0f));
  }
  static double picture(long samples, long top, long flat) {
    const long sum = samples + top - flat + 32768 * 4096 + 2048;
    return double(std::clamp(sum >> 12, 0L, 65535L)) / 16384;
  }

 private:
  DemosaicWeights weights_;
};

Image<float> random_mosaic(int width, int height, unsigned seed) {
  Image<float> mosaic(width, height);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-0.01f, 1.2f);
  for (float& s : mosaic.samples()) s = uniform(random);
  return mosaic;
}

constexpr struct Size { int width, height; } sizes[] = {{1, 1}, {2, 2}, {7, 5}, {38, 22}, {31, 17}};

TEST(Demosaic, KernelEqualsItsTwin) {
  for (const Cfa& cfa : orders)
    for (const Size size : sizes)
      for (const double deviation : {0.0, 0.03}) {
        const Image<float> mosaic = random_mosaic(size.width, size.height, 5);
        const DemosaicParams params{0.02f, {deviation, deviation / 2, 2 * deviation}};
        const Image<float> ours = demosaic_picture(mosaic, cfa, params);
        const Network<Integers> twin(mosaic, cfa, params);
        for (int y = 0; y < size.height; y += 3)
          for (int x = 0; x < size.width; x += 3)
            for (int c = 0; c < 3; ++c)
              ASSERT_EQ(ours(x, y, c), twin.value(x, y, c))
                  << size.width << "x" << size.height << " at " << x << " " << y << " " << c;
      }
}

TEST(Demosaic, IntegersAreNearTheLearnedNetwork) {
  // White noise over the whole range is the worst picture there is: detail at full strength in all
  // places. 70 dB below its range is 30 dB below what any picture can be demosaiced to.
  constexpr double seventy_db = 3.2e-4;
  for (const double deviation : {0.0, 0.03}) {
    const Image<float> mosaic = random_mosaic(38, 22, 5);
    const DemosaicParams params{0.02f, {deviation, deviation / 2, 2 * deviation}};
    const Image<float> ours = demosaic_picture(mosaic, orders[0], params);
    const Network<Real> learned(mosaic, orders[0], params);
    double sum = 0;
    for (int y = 0; y < 22; ++y)
      for (int x = 0; x < 38; ++x)
        for (int c = 0; c < 3; ++c) sum += std::pow(ours(x, y, c) - learned.value(x, y, c), 2.0);
    EXPECT_LT(std::sqrt(sum / double(ours.size())), seventy_db);
  }
}

TEST(Demosaic, TilesJoin) {
  // Larger than a tile in both directions: values around the seams against the twin.
  const Image<float> mosaic = random_mosaic(300, 120, 6);
  const Image<float> ours = demosaic_picture(mosaic, orders[1], {});
  const Network<Integers> twin(mosaic, orders[1], {});
  for (const int x : {248, 251, 252, 253, 256, 299})
    for (const int y : {58, 59, 60, 61, 119})
      for (int c = 0; c < 3; ++c) ASSERT_EQ(ours(x, y, c), twin.value(x, y, c));
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
