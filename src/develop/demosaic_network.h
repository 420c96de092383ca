// The demosaicing network's weights as its kernel takes them: integers (demosaic_codes.h).
#pragma once

#include <HalideBuffer.h>

#include <array>
#include <vector>

namespace lichtbild {

class DemosaicWeights {
 public:
  // `deviation`: of the noise of encoded red, green and blue samples; it becomes a bias of every
  // channel.
  explicit DemosaicWeights(const std::array<double, 3>& deviation);

  static constexpr int channels = 16;
  // In pairs of channels: first or second, out, pair, kx, ky.
  Halide::Runtime::Buffer<std::int16_t> skip, stem, dense1, dense2, head;
  Halide::Runtime::Buffer<float> gains;   // from sums above 0 and below 0: sign, channel, layer
  Halide::Runtime::Buffer<float> biases;  // channel, layer; in units of the layer's sums
  // What the biases alone make of a flat picture, for each of the 12 outputs: to be taken away
  // again.
  Halide::Runtime::Buffer<float> flat;
};

}  // namespace lichtbild
