// Demosaicing: a mosaic of white-balanced signal becomes a full-color picture of square-root
// encoded values.
//
// v = sqrt(max(signal + lift, 0)): with lift = offset / scale + 3/8 scale the noise of v is nearly
// the same at every brightness (Anscombe 1948). The network is described in demosaic.hl.h.
#pragma once

#include <array>

#include "core/raw_frame.h"

namespace lichtbild {

// Encoded values in 16 bits, 1.0 = encoded_one, with `left` columns and `top` rows before the
// picture, so that a red place comes first.
inline constexpr float encoded_one = 16384;
struct EncodedPicture {
  Image<std::uint16_t> rgb;
  int left = 0, top = 0;
};

struct DemosaicParams {
  float lift = 0;
  std::array<double, 3>
      deviation{};  // of the noise of encoded red, green and blue samples; 0: none is taken away
};

// `deviation_scale`, an eighth of the mosaic's size, multiplies the deviation from place to place;
// empty: 1 everywhere.
EncodedPicture demosaic_encoded(const Image<float>& mosaic, const Cfa& cfa,
                                const DemosaicParams& params, const Image<float>& deviation_scale);

// The same as planes of floats, cropped to the mosaic's size.
Image<float> demosaic_picture(const Image<float>& mosaic, const Cfa& cfa,
                              const DemosaicParams& params);

}  // namespace lichtbild
