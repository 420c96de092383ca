#include "develop/demosaic_network.h"

#include <algorithm>
#include <cmath>

#include "develop/demosaic_codes.h"
#include "develop/demosaic_weights.h"

namespace lichtbild {
namespace {

namespace weights = demosaic_weights;
namespace codes = demosaic_codes;

constexpr int outputs = 12;

// Learned weights of one layer: value(tap, in, out).
struct Kernel {
  const float* values;
  int taps, ins, outs;
  float operator()(int tap, int in, int out) const { return values[(tap * ins + in) * outs + out]; }
};

// The most codes per unit of weight with which no sum of products can leave 32 bits.
double codes_per_weight(const Kernel& kernel, int out) {
  constexpr double most = 4096;
  double sum = 0;
  for (int tap = 0; tap < kernel.taps; ++tap)
    for (int in = 0; in < kernel.ins; ++in) sum += std::abs(kernel(tap, in, out));
  return std::min(most, std::floor(codes::largest_weights / sum));
}

// Rounds weights so that the sum over the taps, which is what the network does to flat areas, is
// rounded only once.
Halide::Runtime::Buffer<std::int16_t> quantized(const Kernel& kernel,
                                                const std::vector<double>& scale) {
  const int side = kernel.taps == 9 ? 3 : 1;
  Halide::Runtime::Buffer<std::int16_t> pairs(2, kernel.outs, kernel.ins / 2, side, side);
  for (int out = 0; out < kernel.outs; ++out)
    for (int in = 0; in < kernel.ins; ++in) {
      double carried = 0;
      for (int tap = 0; tap < kernel.taps; ++tap) {
        const double exact = kernel(tap, in, out) * scale[out] + carried;
        const double rounded = std::round(exact);
        carried = exact - rounded;
        pairs(in % 2, out, in / 2, tap % side, tap / side) = std::int16_t(rounded);
      }
    }
  return pairs;
}

}  // namespace

DemosaicWeights::DemosaicWeights(const std::array<double, 3>& deviation)
    : gains(2, channels, 3), biases(channels, 3), flat(outputs) {
  const Kernel layers[] = {{weights::stem, 9, 4, channels},
                           {weights::dense1, 9, channels, channels},
                           {weights::dense2, 9, channels, channels}};
  const float* slopes[] = {weights::slope0, weights::slope1, weights::slope2};
  const float* noises[] = {weights::noise0, weights::noise1, weights::noise2};
  Halide::Runtime::Buffer<std::int16_t>* const into[] = {&stem, &dense1, &dense2};
  int one = codes::sample_one;  // of the layer's input
  for (int layer = 0; layer < 3; ++layer) {
    std::vector<double> scale(channels);
    for (int k = 0; k < channels; ++k) {
      scale[k] = codes_per_weight(layers[layer], k);
      const double gain = codes::activation_one[layer] / (one * scale[k]);
      gains(0, k, layer) = float(gain);
      gains(1, k, layer) = float(gain * slopes[layer][k]);
      double bias = 0;
      for (int color = 0; color < 3; ++color)
        bias += deviation[color] * noises[layer][color * channels + k];
      biases(k, layer) = float(bias * one * scale[k]);
    }
    *into[layer] = quantized(layers[layer], scale);
    one = codes::activation_one[layer];
  }
  constexpr double picture_one = double(codes::sample_one << codes::picture_shift);
  const std::vector<double> skip_scale(outputs, picture_one / codes::sample_one),
      head_scale(outputs, picture_one / one);
  skip = quantized({weights::skip, 9, 4, outputs}, skip_scale);
  head = quantized({weights::head, 1, channels, outputs}, head_scale);
  head = Halide::Runtime::Buffer<std::int16_t>(head.sliced(4).sliced(3));

  // The network's answer to zeros, which is its answer to any flat picture less that picture.
  std::array<int, channels> in{}, out{};
  for (int layer = 0; layer < 3; ++layer, in = out)
    for (int k = 0; k < channels; ++k) {
      int sum = int(biases(k, layer));
      for (int tap = 0; layer > 0 && tap < 9; ++tap)
        for (int m = 0; m < channels; ++m)
          sum += (*into[layer])(m % 2, k, m / 2, tap % 3, tap / 3) * in[m];
      const float activation = float(sum) * gains(sum > 0 ? 0 : 1, k, layer);
      out[k] = int(std::nearbyint(std::clamp(activation, -32768.0f, 32767.0f)));
    }
  for (int k = 0; k < outputs; ++k) {
    flat(k) = 0;
    for (int m = 0; m < channels; ++m) flat(k) += float(head(m % 2, k, m / 2) * in[m]);
  }
}

}  // namespace lichtbild
