// Noise reduction of an encoded picture: the kernels of denoise.hl.h along their pyramid.
#pragma once

#include <cstdint>

#include "core/half.h"
#include "core/matrix.h"
#include "core/raw_frame.h"

namespace lichtbild {

// `encoded`: v = sqrt(s + lift), times 16384, of white-balanced camera values s; `variance_ratio`,
// an eighth of its size, multiplies `noise` (scale, plane) of noise_scales.h from place to place.
// Out: linear Rec.2020 by the matrix, in the memory of the picture, whose part `shown` is written.
Image<Half> denoised(Image<std::uint16_t> encoded, const Crop& shown,
                     const Image<float>& variance_ratio, const Image<float>& noise,
                     const Matrix3& matrix, float lift);

}  // namespace lichtbild
