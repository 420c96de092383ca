#include "develop/noise_scales.h"

namespace lichtbild {

std::array<std::array<float, denoise_levels>, 3> scale_noise(
    const std::array<double, 3>& encoded_variance) {
  // Share of the variance of red, green and blue samples that reaches each scale of each plane.
  static constexpr double share[3][denoise_levels][3] = {{{0.1077, 0.2941, 0.1085},
                                                          {0.0204, 0.0371, 0.0205},
                                                          {0.00365, 0.00694, 0.00366},
                                                          {0.00079, 0.00159, 0.00079},
                                                          {0.00019, 0.00039, 0.00020}},
                                                         {{0.0680, 0.0355, 0.0143},
                                                          {0.0578, 0.0169, 0.00446},
                                                          {0.0233, 0.00555, 0.00234},
                                                          {0.00651, 0.00150, 0.00070},
                                                          {0.00167, 0.00038, 0.00019}},
                                                         {{0.0142, 0.0357, 0.0684},
                                                          {0.00445, 0.0170, 0.0580},
                                                          {0.00233, 0.00556, 0.0233},
                                                          {0.00070, 0.00150, 0.00648},
                                                          {0.00018, 0.00038, 0.00173}}};
  std::array<std::array<float, denoise_levels>, 3> noise{};
  for (int plane = 0; plane < 3; ++plane)
    for (int level = 0; level < denoise_levels; ++level)
      for (int c = 0; c < 3; ++c)
        noise[plane][level] += float(share[plane][level][c] * encoded_variance[c]);
  return noise;
}

}  // namespace lichtbild
