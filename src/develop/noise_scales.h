// The noise that each scale of each plane carries: what the kernel `denoise` compares details with.
#pragma once

#include <array>

#include "core/raw_frame.h"

namespace lichtbild {

inline constexpr int denoise_levels = 5;

// Variance of the detail at each scale of the planes luma, red difference and blue difference,
// given the variances of the encoded samples red, green and blue (white through demosaicing: the
// factors are measured by denoise_test).
std::array<std::array<float, denoise_levels>, 3> scale_noise(
    const std::array<double, 3>& encoded_variance);

}  // namespace lichtbild
