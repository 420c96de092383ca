#include "develop/noise_scales.h"

namespace lichtbild {

std::array<std::array<float, denoise_levels>, 3> scale_noise(
    const std::array<double, 3>& encoded_variance) {
  // Share of the variance of red, green and blue samples that reaches each scale of each plane.
  static constexpr double share[3][denoise_levels][3] = {{{0.02047, 0.03711, 0.02048},
                                                          {0.00365, 0.00695, 0.00366},
                                                          {0.00081, 0.00161, 0.00081},
                                                          {0.00019, 0.00040, 0.00019},
                                                          {0.00005, 0.00010, 0.00005}},
                                                         {{0.05778, 0.01685, 0.00447},
                                                          {0.02322, 0.00554, 0.00235},
                                                          {0.00663, 0.00151, 0.00072},
                                                          {0.00168, 0.00039, 0.00018},
                                                          {0.00044, 0.00010, 0.00005}},
                                                         {{0.00446, 0.01687, 0.05780},
                                                          {0.00233, 0.00554, 0.02334},
                                                          {0.00072, 0.00151, 0.00664},
                                                          {0.00019, 0.00039, 0.00166},
                                                          {0.00005, 0.00010, 0.00043}}};
  std::array<std::array<float, denoise_levels>, 3> noise{};
  for (int plane = 0; plane < 3; ++plane)
    for (int level = 0; level < denoise_levels; ++level)
      for (int c = 0; c < 3; ++c)
        noise[plane][level] += float(share[plane][level][c] * encoded_variance[c]);
  return noise;
}

}  // namespace lichtbild
