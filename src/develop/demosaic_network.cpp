#include "develop/demosaic_network.h"

#include <algorithm>

#include "core/halide_buffer.h"
#include "develop/demosaic_weights.h"

namespace lichtbild {
namespace {

namespace weights = demosaic_weights;

// Halide's first dimension is the innermost; the kernel only reads.
template <class... Extents>
Halide::Runtime::Buffer<float> view(const float* values, Extents... extents) {
  return Halide::Runtime::Buffer<float>(const_cast<float*>(values), extents...);
}

}  // namespace

DemosaicWeights::DemosaicWeights(const std::array<double, 3>& deviation)
    : skip(view(weights::skip, 12, 4, 3, 3)),
      stem(view(weights::stem, channels, 4, 3, 3)),
      dense1(view(weights::dense1, channels, channels, 3, 3)),
      dense2(view(weights::dense2, channels, channels, 3, 3)),
      head(view(weights::head, 12, channels)),
      slope_values_(channels, 3),
      bias_values_(channels, 3),
      flat_values_(12, 1) {
  const float* all_slopes[] = {weights::slope0, weights::slope1, weights::slope2};
  const float* all_noise[] = {weights::noise0, weights::noise1, weights::noise2};
  bias_values_.fill(0);
  for (int layer = 0; layer < 3; ++layer) {
    std::copy_n(all_slopes[layer], channels, slope_values_.row(layer));
    for (int color = 0; color < 3; ++color)
      for (int k = 0; k < channels; ++k)
        bias_values_(k, layer) += float(deviation[color]) * all_noise[layer][color * channels + k];
  }
  // The network's answer to zeros, which is its answer to any flat picture less that picture.
  std::array<float, channels> in{}, out{};
  const float* dense[] = {nullptr, weights::dense1, weights::dense2};
  for (int layer = 0; layer < 3; ++layer, in = out)
    for (int k = 0; k < channels; ++k) {
      float sum = bias_values_(k, layer);
      for (int tap = 0; layer > 0 && tap < 9; ++tap)
        for (int m = 0; m < channels; ++m)
          sum += dense[layer][(tap * channels + m) * channels + k] * in[m];
      out[k] = std::max(sum, 0.0f) + slope_values_(k, layer) * std::min(sum, 0.0f);
    }
  for (int k = 0; k < 12; ++k) {
    flat_values_(k, 0) = 0;
    for (int m = 0; m < channels; ++m) flat_values_(k, 0) += weights::head[m * 12 + k] * in[m];
  }
  flat = Halide::Runtime::Buffer<float>(flat_values_.row(0), 12);
  slopes = halide_buffer(slope_values_);
  biases = halide_buffer(bias_values_);
}

}  // namespace lichtbild
