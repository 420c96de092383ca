// The demosaicing network's weights as its kernel takes them.
#pragma once

#include <HalideBuffer.h>

#include <array>

#include "core/image.h"

namespace lichtbild {

class DemosaicWeights {
 public:
  // `deviation`: of the noise of encoded red, green and blue samples; it becomes a bias of every
  // channel.
  explicit DemosaicWeights(const std::array<double, 3>& deviation);

  static constexpr int channels = 16;
  Halide::Runtime::Buffer<float> skip, stem, dense1, dense2;  // out, in, kx, ky
  Halide::Runtime::Buffer<float> head;                        // out, in
  Halide::Runtime::Buffer<float> slopes, biases;              // channel, layer
  // What the biases alone make of a flat picture, for each of the 12 outputs: to be taken away
  // again.
  Halide::Runtime::Buffer<float> flat;

 private:
  Image<float> slope_values_, bias_values_, flat_values_;
};

}  // namespace lichtbild
