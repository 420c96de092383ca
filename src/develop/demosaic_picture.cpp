#include "develop/demosaic_picture.h"

#include "core/halide_buffer.h"
#include "demosaic.h"
#include "develop/demosaic_network.h"

namespace lichtbild {

EncodedPicture demosaic_encoded(const Image<float>& mosaic, const Cfa& cfa,
                                const DemosaicParams& params, const Image<float>& deviation_scale) {
  EncodedPicture encoded{{}, cfa.red_x(), cfa.red_y()};
  const int quads_x = (mosaic.width() + encoded.left + 1) / 2,
            quads_y = (mosaic.height() + encoded.top + 1) / 2;
  encoded.rgb = Image<std::uint16_t>(2 * quads_x, 2 * quads_y, 3);
  auto in = halide_buffer(mosaic);
  in.set_min(encoded.left, encoded.top);
  Image<float> one(1, 1);
  one.fill(1);
  auto scale = halide_buffer(deviation_scale.empty() ? one : deviation_scale);
  DemosaicWeights weights(params.deviation);
  const int row = encoded.rgb.width(), plane = row * encoded.rgb.height();
  halide_dimension_t shape[] = {
      {0, 2, 1}, {0, quads_x, 2}, {0, 2, row}, {0, quads_y, 2 * row}, {0, 3, plane}};
  Halide::Runtime::Buffer<std::uint16_t, 5> out(encoded.rgb.row(0), 5, shape);
  check(demosaic(in, params.lift, scale, weights.skip, weights.stem, weights.dense1, weights.dense2,
                 weights.head, weights.gains, weights.biases, weights.flat, out));
  return encoded;
}

Image<float> demosaic_picture(const Image<float>& mosaic, const Cfa& cfa,
                              const DemosaicParams& params) {
  const EncodedPicture encoded = demosaic_encoded(mosaic, cfa, params, {});
  Image<float> picture(mosaic.width(), mosaic.height(), 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < mosaic.height(); ++y) {
      const std::uint16_t* from = encoded.rgb.row(y + encoded.top, c) + encoded.left;
      for (int x = 0; x < mosaic.width(); ++x) picture(x, y, c) = float(from[x]) / encoded_one;
    }
  return picture;
}

}  // namespace lichtbild
